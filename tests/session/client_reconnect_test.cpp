// What the client does when a connection ended: each row of the table, and how its delays and counts go on.
#include <ostream>

#include "client_fixture.h"

namespace lbwire::session {
namespace {

// ---- the rows: a session that is ready is told Close ----

struct row {
  const char* name;
  int32_t code;
  int64_t delays_ms[4];  // of the ends in a row, with all jitter at its ceiling; -1: it does not come back
  bool fresh_token;
  int32_t final_state, final_cause;
};

void PrintTo(const row& r, std::ostream* out) {
  *out << r.name;
}

const row rows[] = {
    {"HeartbeatTimeout", 0, {0, 250, 500, 1000}, false, 0, 0},
    {"ServerError", 1, {0, 250, 500, 1000}, false, 0, 0},
    {"ServerShutdown", 2, {1000, 2000, 4000, 8000}, false, 0, 0},
    {"UnpackError", 3, {0, 250, -1, -1}, false, LBW_STATE_FAILED, LBW_CAUSE_PROTOCOL_ERROR},
    {"AuthError", 4, {0, -1, -1, -1}, true, LBW_STATE_FAILED, LBW_CAUSE_AUTH_REFUSED},
    {"SessExpired", 5, {0, 250, 500, 1000}, true, 0, 0},
    {"ConnectDuplicate", 6, {-1, -1, -1, -1}, false, LBW_STATE_CLOSED, LBW_CAUSE_PEER_CLOSED},
    {"Unknown", 99, {0, 250, 500, 1000}, false, 0, 0},
    {"UnknownNegative", -40, {0, 250, 500, 1000}, false, 0, 0},
    {"OneOfOursFromThePeer", LBW_CLOSE_DISCONNECTED, {0, 250, 500, 1000}, false, 0, 0},
};

class ClientReconnectRow : public client_test, public testing::WithParamInterface<row> {};

TEST_P(ClientReconnectRow, IsKeptWhenItHappensInARow) {
  const row& r = GetParam();
  make_ready();
  for (const int64_t delay : r.delays_ms) {
    const auto sessions = client().counters().sessions;
    events.clear();
    receive(close_packet(r.code, "why not"));
    const auto closed = events.only<close_event>();
    EXPECT_EQ(closed.code, r.code >= 0 ? r.code : LBW_CLOSE_UNKNOWN) << "codes below 0 are ours";
    EXPECT_EQ(closed.origin, LBW_ORIGIN_PEER);
    EXPECT_EQ(closed.reason, "why not");
    EXPECT_EQ(closed.will_reconnect, delay >= 0);
    EXPECT_EQ(client().connection(), 0u);

    const auto entered = events.last<state_event>();
    EXPECT_EQ(entered.previous, LBW_STATE_READY);
    EXPECT_EQ(entered.detail, "why not");
    if (delay < 0) {
      EXPECT_EQ(entered.state, r.final_state);
      EXPECT_EQ(entered.cause, r.final_cause);
      EXPECT_EQ(client().deadline(), never);
      break;
    }
    EXPECT_EQ(entered.cause, LBW_CAUSE_PEER_CLOSED);
    EXPECT_EQ(delay_ms(), delay);
    next_attempt();
    EXPECT_EQ(presented_token(), r.fresh_token);
    if (presented_session()) {
      EXPECT_EQ(credential(), "session-" + std::to_string(sessions));
    }
    admit("session-" + std::to_string(sessions + 1));
  }
}

TEST_P(ClientReconnectRow, StartsOverOnceTheSessionWasStable) {
  const row& r = GetParam();
  if (r.delays_ms[0] < 0) return;  // it never comes back
  make_ready();
  advance(options.reconnect.stable);
  for (int i = 0; i < 4; ++i) {
    receive(close_packet(r.code));
    EXPECT_EQ(delay_ms(), r.delays_ms[0]);
    come_back();
    EXPECT_EQ(events.last<state_event>().attempt, 1u);
    advance(options.reconnect.stable);
  }
}

TEST_P(ClientReconnectRow, ADelayIsNeverMoreThanTheJitterGives) {
  const row& r = GetParam();
  random.value = 0;
  make_ready();
  for (const int64_t delay : r.delays_ms) {
    receive(close_packet(r.code));
    if (delay < 0) break;
    EXPECT_EQ(delay_ms(), 0);
    come_back();
  }
}

TEST_P(ClientReconnectRow, WithoutReconnectStaysClosed) {
  options.reconnect.enabled = false;
  make_ready();
  receive(close_packet(GetParam().code));
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_FALSE(events.only<close_event>().will_reconnect);
  EXPECT_EQ(client().deadline(), never);
}

INSTANTIATE_TEST_SUITE_P(EveryCode, ClientReconnectRow, testing::ValuesIn(rows),
                         [](const auto& with) { return std::string(with.param.name); });

using ClientReconnect = client_test;

// ---- rows without a Close ----

TEST_F(ClientReconnect, ALostConnectionComesBackWithTheSessionAfterABackOff) {
  make_ready();
  for (const int64_t delay : {0, 250, 500, 1000, 2000, 4000, 8000}) {
    const std::string session(client().resumable()->id);
    events.clear();
    lose();
    EXPECT_EQ(events.summary(), (lines{"close -1 peer", "state backing_off"}));
    EXPECT_EQ(events.only<close_event>().reason, "reset by peer");
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_CONNECTION_LOST);
    EXPECT_EQ(delay_ms(), delay);
    next_attempt();
    EXPECT_EQ(credential(), session);
    admit(session + "x");
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_RECONNECTED);
  }
}

TEST_F(ClientReconnect, AFailedConnectBacksOffAndNeedsNoCloseEvent) {
  connect();
  uint32_t attempt = 1;
  for (const int64_t delay : {0, 250, 500, 1000, 2000, 4000, 8000}) {
    const int32_t cause = attempt % 2 != 0 ? LBW_CAUSE_CONNECT_FAILED : LBW_CAUSE_RESOLVE_FAILED;
    fail_to_connect(cause);
    EXPECT_EQ(delay_ms(), delay);
    EXPECT_EQ(events.last<state_event>().cause, cause);
    EXPECT_EQ(events.last<state_event>().attempt, attempt);
    EXPECT_EQ(events.last<state_event>().detail, "refused");
    advance_to_deadline();
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_RETRY);
    EXPECT_EQ(events.last<state_event>().attempt, ++attempt);
  }
  EXPECT_EQ(events.count<close_event>(), 0u);
  EXPECT_EQ(client().counters().connects, 8u);
}

TEST_F(ClientReconnect, NoAnswerToAHeartbeatComesBackAtOnceThenBacksOff) {
  options.heartbeat = {milliseconds(3000), milliseconds(2000)};  // dead before it is stable
  make_ready();
  for (const int64_t delay : {0, 250, 500}) {
    events.clear();
    advance(seconds(3));
    ASSERT_TRUE(last_sent(wire::packet_type::request, number(wire::command::heartbeat)));
    advance(seconds(2));
    EXPECT_EQ(events.summary(), (lines{"close 0 local", "state backing_off"}));
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_HEARTBEAT_TIMEOUT);
    EXPECT_TRUE(events.only<close_event>().will_reconnect);
    EXPECT_EQ(delay_ms(), delay);
    next_attempt();
    EXPECT_TRUE(presented_session());
    admit();
  }
}

TEST_F(ClientReconnect, APeerThatCannotBeParsedFailsOnTheThirdTimeInARow) {
  make_ready();
  for (const int64_t delay : {0, 250, -1}) {
    events.clear();
    receive(byte_string{0x00});
    const auto closed = events.only<close_event>();
    EXPECT_EQ(closed.code, LBW_CLOSE_UNPACK_ERROR);
    EXPECT_EQ(closed.origin, LBW_ORIGIN_LOCAL);
    EXPECT_EQ(closed.will_reconnect, delay >= 0);
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_PROTOCOL_ERROR);
    if (delay < 0) break;
    EXPECT_EQ(delay_ms(), delay);
    next_attempt();
    EXPECT_TRUE(presented_session());
    admit();
  }
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
}

TEST_F(ClientReconnect, OurUnpackErrorsAndThePeersCountTogether) {
  make_ready();
  receive(byte_string{0x00});
  come_back();
  receive(close_packet(LBW_CLOSE_UNPACK_ERROR));
  come_back();
  receive(byte_string{0x00});
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
}

// ---- order, and one close each ----

TEST_F(ClientReconnect, TellsTheCloseThenTheLostRequestsThenTheState) {
  make_ready();
  ask();
  ask();
  events.clear();
  lose();
  EXPECT_EQ(events.summary(), (lines{"close -1 peer", "response -8", "response -8", "state backing_off"}));
  EXPECT_EQ(events.only<close_event>().requests_lost, 2u);
}

TEST_F(ClientReconnect, TheNextSessionTellsHowManyRequestsWereLost) {
  make_ready();
  ask();
  ask();
  lose();
  next_attempt();
  lose();
  come_back();
  EXPECT_EQ(events.last<session_event>().requests_lost, 2u);
  lose();
  come_back();
  EXPECT_EQ(events.last<session_event>().requests_lost, 0u);
}

TEST_F(ClientReconnect, AConnectByTheHostStartsTheCountOfLostRequestsOver) {
  make_ready();
  ask();
  lose();
  client().disconnect();
  connect("");
  open();
  admit();
  EXPECT_EQ(events.last<session_event>().requests_lost, 0u);
}

TEST_F(ClientReconnect, EveryConnectionThatWasUpHasOneCloseAndNoOther) {
  make_ready();  // 1
  receive(close_packet(1));
  client().disconnected(1, "late", clock.now());
  tick();
  EXPECT_EQ(events.count<close_event>(), 1u);
  next_attempt();  // 2
  lose();
  EXPECT_EQ(events.count<close_event>(), 2u);
  advance_to_deadline();
  fail_to_connect();  // never up
  EXPECT_EQ(events.count<close_event>(), 2u);
  come_back();  // 3
  receive(encoded(close_packet(1)) + encoded(close_packet(2)));
  EXPECT_EQ(events.count<close_event>(), 3u);
  client().disconnect();
  tick();
  EXPECT_EQ(events.count<close_event>(), 3u);
}

TEST_F(ClientReconnect, NothingBehindACloseIsLookedAt) {
  make_ready();
  events.clear();
  receive(encoded(push_packet(101)) + encoded(close_packet(1)) + encoded(push_packet(102)) + byte_string{0});
  EXPECT_EQ(events.summary(), (lines{"push 101", "close 1 peer", "state backing_off"}));
}

}  // namespace
}  // namespace lbwire::session
