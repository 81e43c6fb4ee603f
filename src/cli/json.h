// JSON with its keys in the order in which they were written, as people read them.
#pragma once

#include <nlohmann/json.hpp>

namespace lbwire::cli {

using json = nlohmann::ordered_json;

// One line of text, whatever the bytes: what is not UTF-8 becomes U+FFFD.
inline std::string to_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace lbwire::cli
