// A gateway on the stage of the demo. All that it is told goes into the journal.
#pragma once

#include <lbwire/lbwire.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "abi.h"
#include "demo/journal.h"
#include "demo/listener.h"
#include "json.h"

namespace lbwire::cli {

class gateway_player {
 public:
  // Requests of this command fail in their handler; all others are echoed.
  static constexpr uint8_t failing_command = 66;

  // Listens as soon as it is there. `name` is what the journal calls it, and must be its alone.
  gateway_player(std::shared_ptr<journal> events, std::string name, const json& config);
  ~gateway_player();
  gateway_player(const gateway_player&) = delete;
  gateway_player& operator=(const gateway_player&) = delete;

  const std::string& name() const { return name_; }
  void start();  // again, after it stopped, at the same address
  void stop();
  std::string address() const;
  uint16_t port() const;
  void push_to_all(uint8_t cmd, std::string_view body);
  std::string issue_token() const;
  // Fresh tokens without end. It may outlive the gateway: a token is empty then.
  token_supply tokens() const;

 private:
  std::shared_ptr<journal> events_;
  std::string name_;
  gateway_handle gateway_;
};

}  // namespace lbwire::cli
