#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lbwire::wire {

std::string to_hex(std::span<const uint8_t> bytes);  // in lower case

// False, with `out` unspecified, for an odd number of digits or anything that is no hex digit.
bool from_hex(std::string_view text, std::vector<uint8_t>& out);

}  // namespace lbwire::wire
