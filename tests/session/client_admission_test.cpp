#include <algorithm>
#include <limits>

#include "client_fixture.h"

namespace lbwire::session {
namespace {

using ClientAdmission = client_test;

TEST_F(ClientAdmission, DoesNothingBeforeConnect) {
  EXPECT_EQ(client().state(), LBW_STATE_IDLE);
  EXPECT_EQ(client().connection(), 0u);
  EXPECT_EQ(client().deadline(), never);
  tick();
  EXPECT_TRUE(events.summary().empty());
}

TEST_F(ClientAdmission, ConnectIsDueAtOnceAndWantsOneConnection) {
  client().set_token("t");
  EXPECT_TRUE(client().connect());
  EXPECT_TRUE(client().due(clock.at()));
  EXPECT_LE(client().deadline(), clock.at());
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_CONNECTING);
  EXPECT_NE(client().connection(), 0u);
  EXPECT_FALSE(client().connect());
}

TEST_F(ClientAdmission, SendsHandshakeAndAuthInOneGo) {
  options.handshake.platform = 4;
  options.metadata = {{"client_version", "1.0"}};
  connect("secret");
  client().connected(client().connection(), clock.now());
  const bytes first_flight = client().output().pending();
  ASSERT_GT(first_flight.size(), wire::handshake_size);
  EXPECT_EQ(first_flight[0], 0x11);
  EXPECT_EQ(first_flight[1], 0x04);

  const owned_packet auth = only_sent();
  EXPECT_TRUE(auth.is(wire::packet_type::request, wire::command::auth));
  EXPECT_EQ(auth.request_id, 1u);
  EXPECT_EQ(auth.timeout_ms, 10000);
  const auto message = message_in<wire::auth_request>(auth);
  EXPECT_EQ(message.token, "secret");
  EXPECT_EQ(message.metadata, options.metadata);
}

TEST_F(ClientAdmission, TellsItsWayToReady) {
  make_ready();
  EXPECT_EQ(events.summary(), (lines{"state connecting", "state authenticating", "session by auth", "state ready"}));
  const auto states = events.all<state_event>();
  EXPECT_EQ(states[0].previous, LBW_STATE_IDLE);
  EXPECT_EQ(states[0].cause, LBW_CAUSE_CONNECT_CALLED);
  EXPECT_EQ(states[1].previous, LBW_STATE_CONNECTING);
  EXPECT_EQ(states[1].cause, LBW_CAUSE_CONNECTED);
  EXPECT_EQ(states[2].previous, LBW_STATE_AUTHENTICATING);
  EXPECT_EQ(states[2].cause, LBW_CAUSE_AUTHENTICATED);

  const auto session = events.only<session_event>();
  EXPECT_EQ(session.session_id, "session-1");
  EXPECT_EQ(session.expires_ms, clock.now().unix_ms + an_hour.count());
  EXPECT_EQ(session.limit, 10u);
  EXPECT_EQ(session.online, 3u);
  EXPECT_EQ(session.requests_lost, 0u);
  EXPECT_EQ(client().resumable()->id, "session-1");
}

TEST_F(ClientAdmission, SpeaksVersionTwoAndJson) {
  options.handshake.version = wire::version::v2;
  options.handshake.codec = wire::body_codec::json;
  connect("secret");
  open();
  EXPECT_EQ(message_in<wire::auth_request>(admission, wire::body_codec::json).token, "secret");
  admit("json-session");
  EXPECT_EQ(events.only<session_event>().session_id, "json-session");
}

TEST_F(ClientAdmission, AsksForATokenIfItHasNone) {
  connect("");
  EXPECT_EQ(events.summary(), (lines{"state connecting", "token"}));
  EXPECT_EQ(events.only<token_event>().cause, LBW_CAUSE_CONNECT_CALLED);
  EXPECT_EQ(client().connection(), 0u);

  client().set_token("late");
  EXPECT_TRUE(client().due(clock.at()));
  tick();
  open();
  EXPECT_EQ(credential(), "late");
}

TEST_F(ClientAdmission, WaitsForATokenOnlySoLong) {
  connect("");
  expect_quiet_until(options.token_timeout);
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_TOKEN_UNAVAILABLE);
  EXPECT_EQ(client().deadline(), never);
}

TEST_F(ClientAdmission, TheLatestTokenIsTheOnePresented) {
  client().set_token("older");
  connect("newer");
  client().set_token("newest");
  open();
  EXPECT_EQ(credential(), "newest");
}

TEST_F(ClientAdmission, FailsWithoutATokenSource) {
  client().set_token_source(false);
  connect("");
  EXPECT_EQ(events.summary(), (lines{"state connecting", "state failed"}));
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_TOKEN_UNAVAILABLE);
  EXPECT_EQ(client().connection(), 0u);
}

TEST_F(ClientAdmission, ATokenThatNeverReachedThePeerIsKeptForTheNextAttempt) {
  connect("once");
  fail_to_connect();
  next_attempt();
  EXPECT_EQ(credential(), "once");
  EXPECT_EQ(events.count<token_event>(), 0u);
}

TEST_F(ClientAdmission, ATokenIsPresentedOnceOnly) {
  connect("once");
  open();
  EXPECT_EQ(credential(), "once");
  lose();
  advance_to_deadline();
  EXPECT_EQ(events.count<token_event>(), 1u);
  EXPECT_EQ(client().connection(), 0u);
  next_attempt();
  EXPECT_NE(credential(), "once");
}

TEST_F(ClientAdmission, GivesATransportOnlySoLongToConnect) {
  connect();
  const uint64_t first = client().connection();
  expect_quiet_until(options.connect_timeout);
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_CONNECT_TIMEOUT);
  EXPECT_EQ(client().connection(), 0u);
  EXPECT_EQ(events.count<close_event>(), 0u);
  client().connected(first, clock.now());
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF) << "a transport that is not wanted any more";
}

TEST_F(ClientAdmission, GivesThePeerOnlySoLongToAnswerAuth) {
  connect();
  open();
  expect_quiet_until(options.auth_timeout);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_TIMEOUT);
  const auto closed = events.only<close_event>();
  EXPECT_EQ(closed.code, LBW_CLOSE_AUTH_TIMEOUT);
  EXPECT_EQ(closed.origin, LBW_ORIGIN_LOCAL);
  EXPECT_TRUE(closed.will_reconnect);
}

TEST_F(ClientAdmission, TheTimeToAnswerCountsFromTheTransport) {
  connect();
  advance(seconds(9));
  open();
  expect_quiet_until(options.auth_timeout);
}

TEST_F(ClientAdmission, TellsThePeerAnAuthTimeoutThatItsFieldCanHold) {
  options.auth_timeout = milliseconds(90000);
  connect();
  open();
  EXPECT_EQ(admission.timeout_ms, wire::max_timeout_ms);
}

TEST_F(ClientAdmission, AnAnswerJustInTimeIsInTime) {
  connect();
  open();
  advance(options.auth_timeout - one_tick);
  admit();
  advance(one_tick);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientAdmission, ResumesASessionWithoutAToken) {
  client().resume({"from-before", clock.now().unix_ms + 1});
  connect("");
  open();
  EXPECT_TRUE(presented_session());
  EXPECT_EQ(credential(), "from-before");
  admit("after");
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_RECONNECTED);
  EXPECT_EQ(events.only<session_event>().kind, LBW_SESSION_RECONNECT);
  EXPECT_EQ(client().resumable()->id, "after");
}

TEST_F(ClientAdmission, TheTokenIsKeptWhileASessionServes) {
  client().resume({"from-before", clock.now().unix_ms + 1000});
  connect("spare");
  open();
  EXPECT_TRUE(presented_session());
  refuse();
  lose();
  next_attempt();
  EXPECT_EQ(credential(), "spare");
}

// At its last millisecond a session is over: nothing is presented that the peer is bound to refuse.
TEST_F(ClientAdmission, ASessionServesUntilItsExpiryByTheWallClock) {
  for (const int64_t left : {1, 0, -1}) {
    client_session session(std::make_shared<const client_options>(options), random);
    session.set_token_source(true);
    session.resume({"s", clock.now().unix_ms + left});
    session.connect();
    event_batch batch;
    session.tick(clock.now(), batch);
    events.take(batch);
    EXPECT_EQ(session.connection() != 0, left > 0) << left;
    if (left <= 0) {
      EXPECT_EQ(events.last<token_event>().cause, LBW_CAUSE_SESSION_EXPIRED);
    }
  }
}

TEST_F(ClientAdmission, ConnectAfterDisconnectResumesTheSession) {
  make_ready();
  client().disconnect();
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  connect("");
  open();
  EXPECT_EQ(credential(), "session-1");
}

TEST_F(ClientAdmission, DisconnectEndsAReadySessionAndLeavesItsOutput) {
  make_ready();
  ask(11, text_bytes("still sent"));
  events.clear();
  client().disconnect();
  EXPECT_TRUE(client().due(clock.at()));
  EXPECT_LE(client().deadline(), clock.at());
  tick();
  EXPECT_EQ(events.summary(), (lines{"close -2 local", "response -7", "state closed"}));
  EXPECT_FALSE(events.only<close_event>().will_reconnect);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_DISCONNECT_CALLED);
  EXPECT_EQ(client().connection(), 0u);
  EXPECT_EQ(client().deadline(), never);
  EXPECT_EQ(as_text(decoded(client().output().pending()).back().body), "still sent");
}

TEST_F(ClientAdmission, DisconnectInEveryStateEndsInClosedWithACloseForAConnectionThatWasUp) {
  const auto disconnected = [this] {
    events.clear();
    client().disconnect();
    tick();
    EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
    EXPECT_EQ(client().connection(), 0u);
    EXPECT_EQ(client().deadline(), never);
    return events.summary();
  };
  EXPECT_TRUE((client().disconnect(), client().state() == LBW_STATE_IDLE));

  client().connect();
  EXPECT_EQ(disconnected(), (lines{"state connecting", "state closed"}));  // before the first tick
  connect("");
  EXPECT_EQ(disconnected(), lines{"state closed"});  // waiting for a token
  connect();
  EXPECT_EQ(disconnected(), lines{"state closed"});  // the transport is not up yet
  connect();
  open();
  EXPECT_EQ(disconnected(), (lines{"close -2 local", "state closed"}));  // authenticating
  connect();
  open();
  refuse();
  EXPECT_EQ(disconnected(), (lines{"close -2 local", "state closed"}));  // refused, waiting for the Close
  make_ready();
  lose();
  EXPECT_EQ(disconnected(), lines{"state closed"});  // backing off
  EXPECT_TRUE((client().disconnect(), client().state() == LBW_STATE_CLOSED));
}

TEST_F(ClientAdmission, StartsAgainAfterFailed) {
  client().set_token_source(false);
  connect("");
  ASSERT_EQ(client().state(), LBW_STATE_FAILED);
  make_ready();
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientAdmission, ASessionGivenAfterARefusalIsPresented) {
  client().set_token_source(false);
  connect("bad");
  open();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  ASSERT_EQ(client().state(), LBW_STATE_FAILED);
  client().resume({"from elsewhere", clock.now().unix_ms + 1000});
  connect("");
  open();
  EXPECT_EQ(credential(), "from elsewhere");
}

TEST_F(ClientAdmission, IgnoresNewsOfAnAttemptThatItGaveUp) {
  connect();
  const uint64_t given_up = client().connection();
  advance(options.connect_timeout);
  advance_to_deadline();
  ASSERT_EQ(client().state(), LBW_STATE_CONNECTING);
  client().connected(given_up, clock.now());
  client().connect_failed(given_up, LBW_CAUSE_CONNECT_FAILED, "", clock.now());
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_CONNECTING);
  EXPECT_TRUE(client().output().empty());
}

TEST_F(ClientAdmission, NeverUsesAConnectionNumberTwice) {
  std::vector<uint64_t> seen;
  make_ready();
  for (int i = 0; i < 5; ++i) {
    seen.push_back(client().connection());
    lose();
    come_back();
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(ClientAdmission, IgnoresNewsOfConnectionsThatItDoesNotWant) {
  make_ready();
  const uint64_t now = client().connection();
  for (const uint64_t other : {now - 1, now + 1, std::numeric_limits<uint64_t>::max()}) {
    client().connected(other, clock.now());
    client().connect_failed(other, LBW_CAUSE_CONNECT_FAILED, "", clock.now());
    client().disconnected(other, "", clock.now());
  }
  client().connected(now, clock.now());
  client().connect_failed(now, LBW_CAUSE_CONNECT_FAILED, "", clock.now());
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ClientAdmission, WhatItTellsHoldsNoSecret) {
  options.log_level = LBW_LOG_DEBUG;
  connect("s3cret-token");
  open();
  refuse(wire::status_code::unauthenticated, "bad credentials");
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  come_back();
  lose();
  next_attempt();
  advance(options.auth_timeout);
  for (const auto& e : events.all<state_event>()) {
    EXPECT_EQ(e.detail.find("token-"), std::string_view::npos) << e.detail;
    EXPECT_EQ(e.detail.find("session-"), std::string_view::npos) << e.detail;
  }
  for (const auto& e : events.all<log_event>())
    EXPECT_EQ(e.message.find("s3cret"), std::string_view::npos) << e.message;
}

}  // namespace
}  // namespace lbwire::session
