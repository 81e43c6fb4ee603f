// Refused tokens and sessions, and sessions that expired: what is presented next.
#include <optional>

#include "client_fixture.h"

namespace lbwire::session {
namespace {

using ClientRefusal = client_test;

TEST_F(ClientRefusal, ARefusedTokenIsFollowedByAFreshOneAndTheSecondRefusalFails) {
  connect("bad");
  open();
  events.clear();
  refuse(wire::status_code::unauthenticated, "unknown token");
  EXPECT_TRUE(events.summary().empty()) << "the peer may say Close, too";
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  EXPECT_EQ(events.summary(), (lines{"close 4 peer", "state backing_off"}));
  EXPECT_EQ(events.only<close_event>().reason, "unknown token") << "the Close had none of its own";
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
  EXPECT_EQ(delay_ms(), 0);

  advance_to_deadline();
  EXPECT_EQ(events.only<token_event>().cause, LBW_CAUSE_AUTH_REFUSED);
  next_attempt();
  EXPECT_TRUE(presented_token());
  refuse();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR, "again"));
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
  EXPECT_FALSE(events.last<close_event>().will_reconnect);
  EXPECT_EQ(events.last<close_event>().reason, "again");
}

TEST_F(ClientRefusal, ARefusalCountsWithEveryStatusThatMeansOne) {
  for (const auto status :
       {wire::status_code::unauthenticated, wire::status_code::bad_request, wire::status_code::permission_denied}) {
    connect("bad");
    open();
    refuse(status);
    lose();
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
    EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_AUTH_ERROR);
    client().disconnect();
    tick();
  }
}

TEST_F(ClientRefusal, AServerErrorInsteadOfAnAnswerIsNoRefusal) {
  client().resume({"session-0", clock.now().unix_ms + 60000});
  connect("");
  open();
  refuse(wire::status_code::server_internal_error, "try later");
  lose();
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_SERVER_ERROR);
  EXPECT_EQ(events.last<close_event>().reason, "try later");
  next_attempt();
  EXPECT_EQ(credential(), "session-0");
}

TEST_F(ClientRefusal, AServerErrorInsteadOfAnAnswerLeavesTheRestToTheCloseThatFollows) {
  connect();
  open();
  refuse(wire::status_code::server_internal_error, "not here");
  receive(close_packet(LBW_CLOSE_CONNECT_DUPLICATE));
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_EQ(events.only<close_event>().reason, "not here");
}

TEST_F(ClientRefusal, ARefusalWithoutAMessageTellsItsStatus) {
  connect("bad");
  open();
  receive(response_packet(admission.cmd, admission.request_id, {}, number(wire::status_code::unauthenticated)));
  lose();
  EXPECT_EQ(events.last<close_event>().reason, "status unauthenticated");
}

TEST_F(ClientRefusal, APeerThatRefusedIsGivenALittleTimeToSayClose) {
  connect("bad");
  open();
  refuse();
  expect_quiet_until(milliseconds(200));
  EXPECT_EQ(events.only<close_event>().code, LBW_CLOSE_AUTH_ERROR);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF);
}

TEST_F(ClientRefusal, ACloseAuthErrorWithoutAnAnswerIsARefusalToo) {
  connect("bad");
  for (int i = 0; i < 2; ++i) {
    if (i == 0)
      open();
    else
      next_attempt();
    EXPECT_TRUE(presented_token());
    receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  }
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
}

TEST_F(ClientRefusal, WithoutAnyFreshTokenARefusalFails) {
  client().set_token_source(false);
  connect("static");
  open();
  refuse();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_TOKEN_UNAVAILABLE);
  EXPECT_FALSE(events.only<close_event>().will_reconnect);
}

TEST_F(ClientRefusal, ATokenThatWasSetMeanwhileIsFresh) {
  client().set_token_source(false);
  connect("bad");
  open();
  client().set_token("good");
  refuse();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  next_attempt();
  EXPECT_EQ(credential(), "good");
}

TEST_F(ClientRefusal, WithoutATokenSourceASessionStillComesBack) {
  client().set_token_source(false);
  make_ready();
  lose();
  next_attempt();
  EXPECT_TRUE(presented_session());
}

TEST_F(ClientRefusal, ARefusedSessionIsFollowedByAFreshTokenAtOnce) {
  struct refusal {
    const char* name;
    bool answered;
    std::optional<int32_t> close;
    int32_t cause;
  };
  const refusal refusals[] = {
      {"answer alone, then lost", true, std::nullopt, LBW_CAUSE_RECONNECT_REFUSED},
      {"answer and SessExpired", true, LBW_CLOSE_SESSION_EXPIRED, LBW_CAUSE_RECONNECT_REFUSED},
      {"answer and AuthError", true, LBW_CLOSE_AUTH_ERROR, LBW_CAUSE_RECONNECT_REFUSED},
      {"answer and another code", true, LBW_CLOSE_SERVER_ERROR, LBW_CAUSE_RECONNECT_REFUSED},
      {"SessExpired alone", false, LBW_CLOSE_SESSION_EXPIRED, LBW_CAUSE_PEER_CLOSED},
      {"AuthError alone", false, LBW_CLOSE_AUTH_ERROR, LBW_CAUSE_PEER_CLOSED},
  };
  make_ready();
  for (const refusal& r : refusals) {
    SCOPED_TRACE(r.name);
    lose();
    next_attempt();
    ASSERT_TRUE(presented_session());
    if (r.answered) refuse();
    if (r.close)
      receive(close_packet(*r.close));
    else
      lose();
    EXPECT_EQ(events.last<state_event>().cause, r.cause);
    EXPECT_EQ(delay_ms(), 0);
    EXPECT_EQ(client().resumable(), std::nullopt);
    advance_to_deadline();
    EXPECT_EQ(events.last<token_event>().cause, LBW_CAUSE_SESSION_EXPIRED);
    next_attempt();
    EXPECT_TRUE(presented_token());
    admit();
    advance(options.reconnect.stable);
  }
}

TEST_F(ClientRefusal, ARefusedTokenStaysRefusedWhateverCloseFollows) {
  connect("bad");
  open();
  refuse();
  receive(close_packet(LBW_CLOSE_SERVER_ERROR));
  next_attempt();
  refuse();
  receive(close_packet(LBW_CLOSE_SERVER_ERROR));
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
}

TEST_F(ClientRefusal, ARefusedSessionIsNoReasonToDoubtTokens) {
  make_ready();
  lose();
  for (int i = 0; i < 3; ++i) {
    next_attempt();
    ASSERT_TRUE(presented_session());
    receive(close_packet(LBW_CLOSE_AUTH_ERROR));
    next_attempt();
    ASSERT_TRUE(presented_token());
    admit();
    lose();
  }
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF);
}

TEST_F(ClientRefusal, AnExpiredSessionIsNotPresentedAgain) {
  connect();
  open();
  admit("short", milliseconds(5000));
  advance(seconds(5));
  lose();
  advance_to_deadline();
  EXPECT_EQ(events.last<token_event>().cause, LBW_CAUSE_SESSION_EXPIRED);
  next_attempt();
  EXPECT_TRUE(presented_token());
}

TEST_F(ClientRefusal, ASessionThatExpiresDuringTheBackOffIsNotPresented) {
  connect();
  open();
  admit("short", milliseconds(300));
  lose();
  next_attempt();
  EXPECT_TRUE(presented_session());
  lose();  // 250 ms
  clock.advance(milliseconds(100));
  next_attempt();
  EXPECT_TRUE(presented_session());
  lose();  // 500 ms
  next_attempt();
  EXPECT_TRUE(presented_token());
}

TEST_F(ClientRefusal, FailsIfTheSessionIsOverAndNobodyGivesTokens) {
  client().set_token_source(false);
  connect();
  open();
  admit("short", milliseconds(1000));
  lose();
  clock.advance(seconds(2));
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_TOKEN_UNAVAILABLE);
}

// ---- the wall clock ----

TEST_F(ClientRefusal, TheWallClockDecidesBetweenSessionAndTokenAndNothingElse) {
  make_ready();
  clock.jump_wall(an_hour);
  tick();
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  lose();
  EXPECT_EQ(delay_ms(), 0);
  next_attempt();
  EXPECT_TRUE(presented_token());
  admit();

  clock.jump_wall(-10 * an_hour);
  lose();
  EXPECT_EQ(delay_ms(), 250);
  expect_quiet_until(milliseconds(250));
  open();
  EXPECT_TRUE(presented_session());
}

TEST_F(ClientRefusal, WallClockJumpsDoNotEndABackOff) {
  make_ready();
  lose();
  come_back();
  lose();
  ASSERT_EQ(delay_ms(), 250);
  clock.jump_wall(10 * an_hour);
  tick();
  clock.jump_wall(-20 * an_hour);
  expect_quiet_until(milliseconds(250));
  EXPECT_EQ(client().state(), LBW_STATE_CONNECTING);
}

}  // namespace
}  // namespace lbwire::session
