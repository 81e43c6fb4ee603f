// Configs for tests: documents made of dotted paths, and options read back by the same paths.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "capi/config.h"

namespace lbwire::capi::test {

using nlohmann::json;

enum class kind { client, gateway };

inline json least(kind of) {
  return of == kind::client ? json{{"url", "tcp://gateway.example"}} : json{{"tcp", "127.0.0.1:0"}};
}

// "heartbeat.interval_ms" as "/heartbeat/interval_ms".
inline json::json_pointer pointer(std::string path) {
  for (char& c : path) c = c == '.' ? '/' : c;
  return json::json_pointer("/" + path);
}

inline json with(kind of, const std::string& path, const json& value) {
  json config = least(of);
  config[pointer(path)] = value;
  return config;
}

// Every option by its path, as the config would say it.
using flat = std::map<std::string, json>;
flat read_back(const client::options& options);
flat read_back(const gateway::options& options);

inline flat read_back_default(kind of) {
  return of == kind::client ? read_back(client::options()) : read_back(gateway::options());
}

struct outcome {
  bool accepted = false;
  std::string problem;
  flat options;
};

inline outcome parse_text(kind of, std::string_view text) {
  outcome out;
  const auto keep = [&](const auto& options) {
    out.accepted = options.has_value();
    if (options) out.options = read_back(*options);
  };
  if (of == kind::client) {
    keep(parse_client_config(text, out.problem));
  } else {
    keep(parse_gateway_config(text, out.problem));
  }
  EXPECT_EQ(out.accepted, out.problem.empty()) << out.problem;
  return out;
}

inline outcome parse(kind of, const json& config) {
  return parse_text(of, config.dump());
}

// What is wrong with `least` and this besides.
inline std::string problem_with(kind of, const std::string& path, const json& value) {
  return parse(of, with(of, path, value)).problem;
}

}  // namespace lbwire::capi::test
