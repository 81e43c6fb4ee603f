// Bytes as text, two hex digits each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lbwire::cli {

std::string to_hex(const void* data, size_t len);

struct hex_error {
  size_t column = 0;  // of the offending character, counted from 1
  size_t offset = 0;  // of the byte that it would have been part of, counted from 0
};

// Digits of either case. Blanks and tabs between bytes are skipped, as in a copied dump.
std::optional<std::vector<uint8_t>> from_hex(std::string_view text, hex_error& error);

}  // namespace lbwire::cli
