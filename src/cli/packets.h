// lbwire decode and lbwire encode: packets as hex and as JSON, a line each. Line n of the output answers line
// n of the input, errors included.
#pragma once

#include <cstdint>

namespace lbwire::cli {

// Both return the exit code: 1 if any line could not be read.
int run_decode(uint32_t version);
int run_encode(uint32_t version);

}  // namespace lbwire::cli
