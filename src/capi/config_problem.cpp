#include "capi/config_problem.h"

#include <algorithm>

namespace lbwire::capi {

namespace {

constexpr size_t max_shown_bytes = 40;

bool is_plain(std::string_view key) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !key.empty() && key.size() <= max_shown_bytes && key.find_first_not_of(plain) == std::string_view::npos;
}

std::string type_name(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::null: return "null";
    case nlohmann::json::value_t::boolean: return "a boolean";
    case nlohmann::json::value_t::string: return "a string";
    case nlohmann::json::value_t::array: return "an array";
    case nlohmann::json::value_t::object: return "an object";
    default: return "a number";
  }
}

}  // namespace

void refuse(const std::string& path, std::string_view problem) {
  throw config_refused{path.empty() ? std::string(problem) : path + ": " + std::string(problem)};
}

std::string join_path(const std::string& parent, std::string_view key) {
  const std::string name = is_plain(key) ? std::string(key) : quoted(std::string(key));
  return parent.empty() ? name : parent + "." + name;
}

std::string join_path(const std::string& parent, size_t index) {
  return parent + "[" + std::to_string(index) + "]";
}

std::string quoted(const std::string& text) {
  if (text.size() <= max_shown_bytes) return nlohmann::json(text).dump();
  size_t end = max_shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;  // whole UTF-8 sequences
  return nlohmann::json(text.substr(0, end) + "…").dump();
}

std::string shown(const nlohmann::json& value, secrecy secret) {
  // A secret may stand where something else should, and no secret is a number.
  const bool harmless = value.is_number() || value.is_boolean();
  return harmless && secret == secrecy::open ? value.dump() : type_name(value);
}

}  // namespace lbwire::capi
