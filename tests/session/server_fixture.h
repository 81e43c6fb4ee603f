// One server session with the test as its peer, its driver and its clock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fixture.h"
#include "session/server_session.h"
#include "wire/handshake.h"

namespace lbwire::session {

class server_test : public testing::Test {
 protected:
  static constexpr milliseconds an_hour{3'600'000};

  // The options may be changed until the first use.
  server_session& server() {
    if (!session_) session_.emplace(std::make_shared<const server_options>(options), clock.at());
    return *session_;
  }
  // A new connection, its events and output from the start.
  void restart() {
    session_.reset();
    events.clear();
  }

  void tick();
  void advance(duration d);
  void expect_quiet_until(duration after);

  void receive(const byte_string& raw);
  void receive(const owned_packet& p) { receive(encoded(p, handshake.version)); }
  // What the server has sent since the last call.
  std::vector<owned_packet> sent();
  owned_packet only_sent();

  void shake_hands();
  owned_packet auth_packet(std::string token = "token-1", uint32_t id = 1) const;
  owned_packet reconnect_packet(std::string session = "session-1", uint32_t id = 1) const;
  void accept(std::string session = "session-1", duration valid = an_hour, int32_t kind = LBW_SESSION_AUTH);
  // Handshake, auth, accepted; what was sent and told for it is forgotten.
  void make_ready();

  // The last packet was a Close with this code, told in one event, and nothing more will be read.
  void expect_closed(int32_t code, std::string_view reason_part = {});

  server_options options;
  wire::handshake handshake;
  fake_clock clock;
  event_log events;

 private:
  std::optional<server_session> session_;
};

}  // namespace lbwire::session
