#include "hex.h"

namespace lbwire::cli {

namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(const void* data, size_t len) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto* bytes = static_cast<const uint8_t*>(data);
  std::string text;
  text.reserve(len * 2);
  for (size_t i = 0; i < len; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::optional<std::vector<uint8_t>> from_hex(std::string_view text, hex_error& error) {
  std::vector<uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\t') {
      ++i;
      continue;
    }
    const int high = digit_value(text[i]);
    const int low = high >= 0 && i + 1 < text.size() ? digit_value(text[i + 1]) : -1;
    if (low < 0) {
      error = {high < 0 ? i + 1 : i + 2, bytes.size()};
      return std::nullopt;
    }
    bytes.push_back(static_cast<uint8_t>(high * 16 + low));
    i += 2;
  }
  return bytes;
}

}  // namespace lbwire::cli
