// How a config is refused: names of keys and values as a problem's text shows them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace lbwire::capi {

// Thrown by what reads a config, and caught by the functions of config.h.
struct config_refused {
  std::string problem;
};

[[noreturn]] void refuse(const std::string& path, std::string_view problem);

// "heartbeat" and "interval_ms" are "heartbeat.interval_ms". A name that is not plain is quoted and cut
// short.
std::string join_path(const std::string& parent, std::string_view key);
std::string join_path(const std::string& parent, size_t index);  // "tokens[2]"

// A string in quotes, escaped, and cut short where it is long.
std::string quoted(const std::string& text);

// Whether a problem's text may repeat the value.
enum class secrecy { open, secret };

// "a string", "null", "an object"; of scalars that are not secret the value itself.
std::string shown(const nlohmann::json& value, secrecy secret);

}  // namespace lbwire::capi
