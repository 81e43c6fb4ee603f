// What config changes about coming back.
#include "client_fixture.h"

namespace lbwire::session {
namespace {

using ClientReconnectConfig = client_test;

struct overridden {
  close_action action;
  bool comes_back, fresh_token;
};

const overridden actions[] = {
    {close_action::resume, true, false}, {close_action::resume_at_once, true, false},
    {close_action::reauth, true, true},  {close_action::reauth_at_once, true, true},
    {close_action::stop, false, false},
};

TEST_F(ClientReconnectConfig, ConfigOverridesTheActionOfEveryCode) {
  for (const int32_t code : {0, 1, 2, 3, 4, 5, 6, unknown_close_code}) {
    for (const overridden& o : actions) {
      SCOPED_TRACE(std::to_string(code) + " action " + std::to_string(static_cast<int>(o.action)));
      auto changed = std::make_shared<client_options>();
      changed->reconnect.on[code] = o.action;
      client_session session(changed, random);
      session.set_token_source(true);
      session.resume({"s", clock.now().unix_ms + 60000});
      session.connect();
      event_batch batch;
      session.tick(clock.now(), batch);
      session.connected(session.connection(), clock.now());
      const byte_string answer = encoded(response_packet(
          number(wire::command::reconnect), 1, body_of(wire::auth_response{"t", clock.now().unix_ms + 60000, 0, 0})));
      session.feed(answer);
      session.receive(clock.now(), batch);
      ASSERT_EQ(session.state(), LBW_STATE_READY);
      const byte_string close = encoded(close_packet(code == unknown_close_code ? 77 : code));
      session.feed(close);
      session.receive(clock.now(), batch);
      session.take_back();
      EXPECT_EQ(session.state(), o.comes_back ? LBW_STATE_BACKING_OFF : LBW_STATE_CLOSED);
      const bool taken_over = code == LBW_CLOSE_CONNECT_DUPLICATE && o.action == close_action::stop;
      EXPECT_EQ(session.resumable().has_value(), !o.fresh_token && !taken_over);
    }
  }
}

TEST_F(ClientReconnectConfig, AnOverrideToAtOnceServesShutdownToo) {
  options.reconnect.on[LBW_CLOSE_SERVER_SHUTDOWN] = close_action::resume_at_once;
  make_ready();
  receive(close_packet(LBW_CLOSE_SERVER_SHUTDOWN));
  EXPECT_EQ(delay_ms(), 0);
  come_back();
  receive(close_packet(LBW_CLOSE_SERVER_SHUTDOWN));
  EXPECT_EQ(delay_ms(), 1000);
}

TEST_F(ClientReconnectConfig, UnknownCodesAtOnceAreOneReasonTogether) {
  options.reconnect.on[unknown_close_code] = close_action::resume_at_once;
  make_ready();
  for (const auto& [code, delay] : {std::pair{50, 0}, {51, 250}, {52, 500}, {-53, 1000}}) {
    receive(close_packet(code));
    EXPECT_EQ(delay_ms(), delay);
    come_back();
  }
}

TEST_F(ClientReconnectConfig, AnOverrideOfALostConnectionServesConnectionsThatWereUp) {
  options.reconnect.on[LBW_CLOSE_CONNECTION_LOST] = close_action::stop;
  connect();
  fail_to_connect();
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF);
  next_attempt();
  admit();
  lose();
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
}

TEST_F(ClientReconnectConfig, WithoutReconnectAFailedConnectEndsIt) {
  options.reconnect.enabled = false;
  connect();
  fail_to_connect();
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_CONNECT_FAILED);
  EXPECT_EQ(events.last<state_event>().detail, "refused");
}

TEST_F(ClientReconnectConfig, GivesUpAfterSoManyAttempts) {
  options.reconnect.max_attempts = 3;
  connect();
  fail_to_connect();
  advance_to_deadline();
  fail_to_connect();
  advance_to_deadline();
  EXPECT_EQ(client().state(), LBW_STATE_CONNECTING);
  fail_to_connect();
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_RETRIES_EXHAUSTED);
  EXPECT_EQ(client().counters().connects, 3u);
}

TEST_F(ClientReconnectConfig, AStableSessionGivesAllAttemptsBack) {
  options.reconnect.max_attempts = 2;
  make_ready();
  for (int i = 0; i < 5; ++i) {
    advance(options.reconnect.stable);
    lose();
    come_back();
  }
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

}  // namespace
}  // namespace lbwire::session
