// How long to wait before the next attempt: the first at once, then exponential with full jitter.
#pragma once

#include <algorithm>
#include <cstdint>

#include "session/clock.h"
#include "session/random_source.h"

namespace lbwire::session {

struct back_off_options {
  milliseconds initial{250};
  milliseconds max{30000};
};

// The longest delay before retry number `retry` (0 for the first): 0, initial, 2 × initial, … up to max.
inline milliseconds back_off_ceiling(const back_off_options& options, uint32_t retry) {
  if (retry == 0) return milliseconds(0);
  const uint32_t doublings = std::min(retry - 1, 40u);
  const milliseconds most = std::max(options.max, milliseconds(0));
  if (options.initial.count() > most.count() >> doublings) return most;
  return milliseconds(options.initial.count() << doublings);
}

// Uniform from 0 to the ceiling: clients that lost the same gateway come back spread out.
inline milliseconds back_off_delay(const back_off_options& options, uint32_t retry, random_source& random) {
  const auto ceiling = static_cast<uint64_t>(back_off_ceiling(options, retry).count());
  return milliseconds(static_cast<int64_t>(random.next() % (ceiling + 1)));
}

}  // namespace lbwire::session
