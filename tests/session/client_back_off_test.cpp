// How delays and counts go on, and when they start over.
#include "client_fixture.h"

namespace lbwire::session {
namespace {

using ClientBackOff = client_test;

TEST_F(ClientBackOff, TheBackOffStopsGrowingAtItsMost) {
  options.reconnect.back_off = {milliseconds(250), milliseconds(1000)};
  connect();
  for (const int64_t delay : {0, 250, 500, 1000, 1000, 1000}) {
    fail_to_connect();
    EXPECT_EQ(delay_ms(), delay);
    advance_to_deadline();
  }
}

TEST_F(ClientBackOff, TheBackOffEndsWhenItsDelayIsOver) {
  connect();
  fail_to_connect();
  advance_to_deadline();
  fail_to_connect();
  expect_quiet_until(milliseconds(250));
  EXPECT_EQ(client().state(), LBW_STATE_CONNECTING);
}

TEST_F(ClientBackOff, JitterIsTakenFromTheRandomSource) {
  connect();
  fail_to_connect();
  advance_to_deadline();
  random.value = 251 * 7 + 123;
  fail_to_connect();
  EXPECT_EQ(delay_ms(), 123);
}

// ---- mixed rows ----

TEST_F(ClientBackOff, EachReasonHasItsOwnAttemptAtOnce) {
  make_ready();
  receive(close_packet(LBW_CLOSE_HEARTBEAT_TIMEOUT));
  EXPECT_EQ(delay_ms(), 0);
  come_back();
  receive(close_packet(LBW_CLOSE_SESSION_EXPIRED));
  EXPECT_EQ(delay_ms(), 0);
  come_back();
  receive(close_packet(LBW_CLOSE_HEARTBEAT_TIMEOUT));
  EXPECT_EQ(delay_ms(), 250);
  come_back();
  receive(close_packet(LBW_CLOSE_SESSION_EXPIRED));
  EXPECT_EQ(delay_ms(), 500);
}

TEST_F(ClientBackOff, AnAttemptAtOnceIsNotFollowedByAnother) {
  make_ready();
  receive(close_packet(LBW_CLOSE_HEARTBEAT_TIMEOUT));
  come_back();
  lose();
  EXPECT_EQ(delay_ms(), 250);
}

TEST_F(ClientBackOff, AShutdownNeverShortensTheBackOff) {
  make_ready();
  for (int i = 0; i < 6; ++i) {
    lose();
    come_back();
  }
  receive(close_packet(LBW_CLOSE_SERVER_SHUTDOWN));
  EXPECT_EQ(delay_ms(), 8000);
}

TEST_F(ClientBackOff, AfterAShutdownTheBackOffGoesOnFromThere) {
  make_ready();
  receive(close_packet(LBW_CLOSE_SERVER_SHUTDOWN));
  EXPECT_EQ(delay_ms(), 1000);
  advance_to_deadline();
  fail_to_connect();
  EXPECT_EQ(delay_ms(), 2000);
}

// ---- what starts over, and when ----

class ClientStable : public client_test {
 protected:
  // Ready after a lost connection, so that the next loss waits 250 ms unless all started over.
  void make_ready_again() {
    make_ready();
    lose();
    come_back();
  }
};

TEST_F(ClientStable, OneTickBeforeStableNothingStartsOver) {
  make_ready_again();
  advance(options.reconnect.stable - one_tick);
  lose();
  EXPECT_EQ(delay_ms(), 250);
}

TEST_F(ClientStable, AtStableAllStartsOver) {
  make_ready_again();
  advance(options.reconnect.stable);
  lose();
  EXPECT_EQ(delay_ms(), 0);
  EXPECT_EQ(events.last<state_event>().attempt, 0u);
}

TEST_F(ClientStable, StableCountsEvenIfNobodyLookedAtTheClock) {
  make_ready_again();
  clock.advance(options.reconnect.stable);
  lose();
  EXPECT_EQ(delay_ms(), 0);
}

TEST_F(ClientStable, StableCountsEvenIfTheConnectionIsFoundDeadInTheSameTick) {
  options.heartbeat = {milliseconds(8000), milliseconds(3000)};
  make_ready_again();
  advance(seconds(8));
  clock.advance(seconds(3));
  tick();
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
  EXPECT_EQ(events.last<state_event>().attempt, 0u);
}

TEST_F(ClientStable, TimeInOtherStatesDoesNotCount) {
  make_ready_again();
  advance(options.reconnect.stable - one_tick);
  lose();
  advance(seconds(9));
  open();
  advance(seconds(9));
  admit();
  lose();
  EXPECT_EQ(delay_ms(), 500);
}

TEST_F(ClientStable, ARefusalCountStartsOverOnlyWithAStableSession) {
  make_ready();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  come_back();
  advance(options.reconnect.stable);
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  EXPECT_EQ(client().state(), LBW_STATE_BACKING_OFF);
  come_back();
  advance(options.reconnect.stable - one_tick);
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
}

TEST_F(ClientStable, ConnectAfterFailedStartsOver) {
  connect("bad");
  for (int i = 0; i < 2; ++i) {
    if (i == 0)
      open();
    else
      next_attempt();
    receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  }
  ASSERT_EQ(client().state(), LBW_STATE_FAILED);
  connect("better");
  EXPECT_EQ(events.last<state_event>().attempt, 0u);
  open();
  receive(close_packet(LBW_CLOSE_AUTH_ERROR));
  EXPECT_EQ(delay_ms(), 0);
}

TEST_F(ClientStable, ReadyItselfStartsNothingOver) {
  make_ready();
  for (const int64_t delay : {0, 250, 500}) {
    lose();
    EXPECT_EQ(delay_ms(), delay);
    come_back();
  }
}

}  // namespace
}  // namespace lbwire::session
