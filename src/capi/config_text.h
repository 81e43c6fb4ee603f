// JSON text to a document, of text that may be anything: its size and depth are limited, a key may come once,
// and the problem's text has the line and column but not what stands there, which may be a secret.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace lbwire::capi {

inline constexpr size_t max_config_bytes = size_t{1} << 20;
inline constexpr size_t max_config_depth = 16;

// Throws config_refused. `path` is the key whose value the text is, "" for a whole config.
nlohmann::json read_config_text(std::string_view text, const std::string& path = {});

}  // namespace lbwire::capi
