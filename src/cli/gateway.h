// lbwire gateway: a gateway to try clients against. It echoes business requests, tells what happens, and
// takes orders on standard input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lbwire::cli {

inline constexpr const char* default_gateway_address = "127.0.0.1:2020";

struct gateway_options {
  std::optional<std::string> tcp;
  std::vector<std::string> tokens;
  std::optional<double> session_ttl_s;
  std::optional<uint64_t> heartbeat_interval_ms;
  std::optional<uint64_t> heartbeat_timeout_ms;
  std::string config;
  bool json = false;
  bool show_secrets = false;
};

// Returns the exit code.
int run_gateway(const gateway_options& options);

}  // namespace lbwire::cli
