// The monotonic clock, which all processes of the machine share.
#pragma once

#include <chrono>
#include <cstdint>

namespace lbwire::bench {

inline int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Nothing here is waited for longer.
inline constexpr std::chrono::seconds patience{30};

}  // namespace lbwire::bench
