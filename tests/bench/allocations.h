// How often operator new was called in this program, the shared library apart, which has its own.
#pragma once

#include <cstdint>

namespace lbwire::bench {

uint64_t allocations();

}  // namespace lbwire::bench
