#include "printable.h"

#include <cstdint>
#include <cstdio>
#include <ctime>

#include "hex.h"

namespace lbwire::cli {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

// The length of the printable character at the front, 0 if there is none.
size_t printable_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const size_t length = lead >= 0xf0 ? 4u : lead >= 0xe0 ? 3u : 2u;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool c1_control = lead == 0xc2 && second < 0xa0;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool too_high = lead == 0xf4 && second >= 0x90;
  return c1_control || overlong || surrogate || too_high ? 0 : length;
}

std::tm local_time(int64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm fields{};
  localtime_r(&seconds, &fields);
  return fields;
}

std::string format_number(const char* unit, int decimals, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", decimals, value, unit);
  return text;
}

}  // namespace

bool is_printable(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t length = printable_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string_view cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && is_continuation(text[limit])) --limit;
  return text.substr(0, limit);
}

std::string show_bytes(std::string_view bytes, size_t limit) {
  const bool all = bytes.size() <= limit;
  const std::string tail = all ? "" : "… (" + std::to_string(bytes.size()) + " bytes)";
  const std::string_view text = cut(bytes, limit);
  if (is_printable(text)) return "\"" + std::string(text) + "\"" + tail;
  return to_hex(bytes.data(), all ? bytes.size() : limit) + tail;
}

std::string escape(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const size_t length = printable_length(text);
    if (length == 0) {
      result += "\\x" + to_hex(text.data(), 1);
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string show_duration_us(uint64_t us) {
  const auto value = static_cast<double>(us);
  if (us < 1000) return std::to_string(us) + " µs";
  if (us < 1'000'000) return format_number("ms", us < 10'000 ? 2 : 1, value / 1e3);
  return format_number("s", 2, value / 1e6);
}

std::string show_date(int64_t unix_ms) {
  const std::tm fields = local_time(unix_ms);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &fields)};
}

std::string show_clock(int64_t unix_ms) {
  const std::tm fields = local_time(unix_ms);
  char text[64];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", fields.tm_hour, fields.tm_min, fields.tm_sec,
                static_cast<int>(unix_ms % 1000));
  return text;
}

}  // namespace lbwire::cli
