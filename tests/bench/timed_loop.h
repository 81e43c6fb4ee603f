// Nanoseconds that one step of a short loop takes.
#pragma once

#include <cstddef>

#include "clock.h"

namespace lbwire::bench {

template <class Step>
double ns_per_step(size_t steps, Step&& step) {
  for (size_t i = 0; i < steps / 16; ++i) step(i);  // caches and branches
  const int64_t start = now_ns();
  for (size_t i = 0; i < steps; ++i) step(i);
  return static_cast<double>(now_ns() - start) / static_cast<double>(steps);
}

}  // namespace lbwire::bench
