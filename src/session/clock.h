// Time as the sessions see it: they never look at a clock, the caller tells them.
#pragma once

#include <chrono>
#include <cstdint>

namespace lbwire::session {

// Monotonic. Every deadline is one of these, so a jump of the wall clock moves none.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;
using milliseconds = std::chrono::milliseconds;

inline constexpr time_point never = time_point::max();

// One moment by both clocks. The wall clock only tells whether a session that a gateway gave out has expired.
struct instant {
  time_point at;
  int64_t unix_ms = 0;
};

}  // namespace lbwire::session
