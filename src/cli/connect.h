// lbwire connect: one session as it lives, on the screen or as JSON lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lbwire::cli {

struct connect_options {
  std::string url;
  std::vector<std::string> tokens;
  std::string config;
  std::optional<double> duration_s;  // none: until the session is over
  bool json = false;
  bool show_secrets = false;
};

// Returns the exit code: 0 if there was a session and it ended as asked.
int run_connect(const connect_options& options);

}  // namespace lbwire::cli
