// Round-trip time: last, smallest, smoothed, and its variance, as RFC 6298 computes them.
#pragma once

#include <chrono>
#include <cstdint>

#include "session/clock.h"

namespace lbwire::session {

class round_trip {
 public:
  void sample(duration measured) {
    const int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(measured).count();
    last_ = ns;
    if (samples_ == 0) {
      min_ = smoothed_ = ns;
      variance_ = ns / 2;
    } else {
      if (ns < min_) min_ = ns;
      const int64_t error = smoothed_ > ns ? smoothed_ - ns : ns - smoothed_;
      variance_ += (error - variance_) / 4;
      smoothed_ += (ns - smoothed_) / 8;
    }
    ++samples_;
  }

  // Microseconds; 0 before the first sample.
  uint64_t last_us() const { return to_us(last_); }
  uint64_t min_us() const { return to_us(min_); }
  uint64_t smoothed_us() const { return to_us(smoothed_); }
  uint64_t variance_us() const { return to_us(variance_); }
  uint64_t samples() const { return samples_; }

 private:
  static uint64_t to_us(int64_t ns) { return ns > 0 ? static_cast<uint64_t>(ns) / 1000 : 0; }

  int64_t last_ = 0, min_ = 0, smoothed_ = 0, variance_ = 0;
  uint64_t samples_ = 0;
};

}  // namespace lbwire::session
