// The orders that a gateway takes on standard input, a line each.
#pragma once

#include <lbwire/lbwire.h>

#include <string>
#include <string_view>

#include "reporter.h"

namespace lbwire::cli {

inline constexpr const char* gateway_commands_help = "close CODE [REASON] | push CMD TEXT | sessions | token | quit";

class gateway_commands {
 public:
  gateway_commands(lbw_gateway gateway, reporter& out) : gateway_(gateway), out_(out) {}

  // False for an order to quit. What cannot be done is reported, and the gateway goes on.
  bool run(std::string_view line);

  // Makes a token, tells it, and returns it.
  std::string issue_token();

 private:
  void close(std::string_view arguments);
  void push(std::string_view arguments);
  void sessions();

  lbw_gateway gateway_;
  reporter& out_;
};

}  // namespace lbwire::cli
