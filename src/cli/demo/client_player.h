// A client on the stage of the demo. All that it is told goes into the journal.
#pragma once

#include <lbwire/lbwire.h>

#include <memory>
#include <string>
#include <string_view>

#include "abi.h"
#include "demo/journal.h"
#include "demo/listener.h"
#include "json.h"

namespace lbwire::cli {

class client_player {
 public:
  // `name` is what the journal calls it, and must be its alone.
  client_player(std::shared_ptr<journal> events, std::string name, const json& config, token_supply tokens);
  ~client_player();
  client_player(const client_player&) = delete;
  client_player& operator=(const client_player&) = delete;

  const std::string& name() const { return name_; }
  void connect();
  // The answer goes into the journal as "response".
  void request(uint8_t cmd, std::string_view body);
  // As config "session" takes it.
  json exported_session() const;

 private:
  std::shared_ptr<journal> events_;
  std::string name_;
  client_handle client_;
};

}  // namespace lbwire::cli
