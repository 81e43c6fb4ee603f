// One client session with the test as its peer, its driver and its clock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fixture.h"
#include "session/client_session.h"

namespace lbwire::session {

class client_test : public testing::Test {
 protected:
  static constexpr milliseconds an_hour{3'600'000};

  // The options may be changed until the first use.
  client_session& client() {
    if (!session_) {
      session_.emplace(std::make_shared<const client_options>(options), random);
      session_->set_token_source(true);
    }
    return *session_;
  }

  // ---- time ----

  void tick();
  // Takes what the session has to tell without looking at the clock: a retry at once is not begun yet.
  void take_news();
  // Time passes unnoticed, then the session looks at the clock.
  void advance(duration d);
  // To the next deadline, which must not be `never`.
  void advance_to_deadline();
  // Nothing happens one tick before `after` has passed from now; then `after` has passed, and was noticed.
  void expect_quiet_until(duration after);

  // ---- the peer ----

  void receive(const byte_string& raw);
  void receive(const owned_packet& p) { receive(encoded(p, options.handshake.version)); }
  // What the client has sent since the last call, without the handshake.
  std::vector<owned_packet> sent();
  owned_packet only_sent();
  std::optional<owned_packet> last_sent(wire::packet_type type, uint8_t cmd);
  void answer_heartbeat();

  // ---- a whole life, step by step ----

  void connect(std::string token = "token-1");
  // The transport comes up; the client presents what it has, which is kept in `admission`.
  void open();
  void admit(std::string session_id = "session-1", milliseconds valid = an_hour);
  void refuse(wire::status_code status = wire::status_code::unauthenticated, std::string msg = "no");
  // connect, open, admit.
  void make_ready();
  // From backing_off, or connecting, to the presented credential, giving a token if one is asked for.
  void next_attempt();
  // From backing_off to ready.
  void come_back();
  void lose();
  void fail_to_connect(int32_t cause = LBW_CAUSE_CONNECT_FAILED);

  bool presented_session() const { return admission.is(wire::packet_type::request, wire::command::reconnect); }
  bool presented_token() const { return admission.is(wire::packet_type::request, wire::command::auth); }
  std::string credential() const;
  // The delay of the back-off that was just entered.
  int64_t delay_ms() const {
    const auto entered = events.last<state_event>();
    EXPECT_EQ(entered.state, LBW_STATE_BACKING_OFF);
    return entered.delay_ms;
  }

  // ---- requests ----

  uint64_t ask(uint8_t cmd = 11, const byte_string& body = {}, milliseconds timeout = milliseconds(5000));
  lbw_status try_ask(const byte_string& body = {});

  client_options options;
  fake_clock clock;
  chosen_random random;
  event_log events;
  owned_packet admission;

 private:
  std::optional<client_session> session_;
  uint64_t read_from_ = 0;  // the connection whose handshake was read already
  int tokens_ = 1;
};

}  // namespace lbwire::session
