// Where back-off takes its jitter from, so that a test or a simulation can give the same run twice.
#pragma once

#include <cstdint>

namespace lbwire::session {

class random_source {
 public:
  virtual ~random_source() = default;
  // Uniform over all 64-bit numbers. Need not be unpredictable: no secret is made from it.
  virtual uint64_t next() = 0;
};

}  // namespace lbwire::session
