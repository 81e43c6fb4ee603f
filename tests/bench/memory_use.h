// User memory of this process.
#pragma once

#include <string>

namespace lbwire::bench {

// "ANONYMOUS HEAP": bytes of private pages that are in memory, as the kernel counts them, and bytes that malloc has
// given out.
std::string memory_use();

}  // namespace lbwire::bench
