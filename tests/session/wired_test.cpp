// Client and gateway together, from the first byte to the last.
#include "wired.h"

#include <map>

namespace lbwire::session {
namespace {

class Wired : public testing::Test, public wired {
 protected:
  // How each of the client's requests ended; fails if one ended twice.
  std::map<uint64_t, lbw_status> ends() const {
    std::map<uint64_t, lbw_status> out;
    for (const auto& e : client_events.all<response_event>())
      EXPECT_TRUE(out.emplace(e.request, e.result).second) << "ended twice: " << e.request;
    return out;
  }
  void expect_each_credential_presented_once() const {
    for (const auto& [credential, times] : store.presented) EXPECT_EQ(times, 1) << credential;
  }
};

using named_handshake = std::pair<const char*, wire::handshake>;
class WiredWith : public Wired, public testing::WithParamInterface<named_handshake> {
 protected:
  WiredWith() { client_opts.handshake = GetParam().second; }
};

INSTANTIATE_TEST_SUITE_P(EveryHandshake, WiredWith,
                         testing::Values(named_handshake{"V1Protobuf", {wire::version::v1, wire::body_codec::protobuf}},
                                         named_handshake{"V1Json", {wire::version::v1, wire::body_codec::json}},
                                         named_handshake{"V2Protobuf", {wire::version::v2, wire::body_codec::protobuf}},
                                         named_handshake{"V2Json", {wire::version::v2, wire::body_codec::json}}),
                         [](const auto& with) { return std::string(with.param.first); });

TEST_P(WiredWith, LivesAWholeLife) {
  connect();
  ASSERT_EQ(client().state(), LBW_STATE_READY);
  EXPECT_TRUE(server().ready());
  EXPECT_EQ(client().resumable()->id, server_events().only<session_event>().session_id);
  EXPECT_EQ(client().resumable()->expires_ms, server().expires_ms());

  const uint64_t ticket = ask(text_bytes("ping"));
  EXPECT_EQ(server().push(101, text_bytes("news")), LBW_OK);
  run();
  EXPECT_EQ(as_text(client_events.only<response_event>().body), "ping");
  EXPECT_EQ(client_events.only<response_event>().request, ticket);
  EXPECT_EQ(as_text(client_events.only<push_event>().body), "news");

  advance(client_opts.heartbeat.interval * 3);
  EXPECT_GE(client().counters().heartbeats_answered + client().counters().heartbeats_received, 3u);

  cut();
  ASSERT_TRUE(get_ready());
  EXPECT_EQ(client_events.last<session_event>().kind, LBW_SESSION_RECONNECT);

  client().disconnect();
  run();
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_TRUE(server().over());
  EXPECT_EQ(server_events().last<close_event>().code, LBW_CLOSE_CONNECTION_LOST);
  expect_each_credential_presented_once();
}

TEST_P(WiredWith, LivesAWholeLifeOneByteAtATime) {
  piece = [](size_t) { return size_t{1}; };
  connect();
  ASSERT_EQ(client().state(), LBW_STATE_READY);
  for (int i = 0; i < 5; ++i) ask(byte_string(500, static_cast<uint8_t>(i)));
  server().push(101, byte_string(5000, 7));
  run();
  EXPECT_EQ(client_events.count<response_event>(), 5u);
  EXPECT_EQ(client_events.only<push_event>().body.size(), 5000u);
  advance(seconds(60));
  server().close(LBW_CLOSE_SERVER_SHUTDOWN, "drained", clock.at());
  run();
  EXPECT_EQ(client_events.last<close_event>().code, LBW_CLOSE_SERVER_SHUTDOWN);
  ASSERT_TRUE(get_ready());
}

TEST_P(WiredWith, EachEndCountsWhatTheOtherCounts) {
  connect();
  for (int i = 0; i < 10; ++i) ask(byte_string(100));
  run();
  EXPECT_EQ(client().traffic().bytes_sent, server().traffic().bytes_received);
  EXPECT_EQ(server().traffic().bytes_sent, client().traffic().bytes_received);
  EXPECT_EQ(client().traffic().packets_sent, server().traffic().packets_received);
  EXPECT_EQ(server().traffic().packets_sent, client().traffic().packets_received);
}

TEST_F(Wired, BothEndsBeatWhenSilent) {
  client_opts.heartbeat.interval = milliseconds(10000);
  connect();
  advance(seconds(10));
  EXPECT_EQ(client_events.only<heartbeat_event>().origin, LBW_ORIGIN_LOCAL);
  EXPECT_EQ(server_events().only<heartbeat_event>().origin, LBW_ORIGIN_PEER);
  EXPECT_EQ(client_events.only<heartbeat_event>().rtt_us, 0u) << "no time passes on this link";
}

TEST_F(Wired, TheGatewayBeatsTooIfTheClientDoesNot) {
  client_opts.heartbeat.interval = milliseconds(0);
  connect();
  advance(seconds(30));
  EXPECT_EQ(server_events().only<heartbeat_event>().origin, LBW_ORIGIN_LOCAL);
  EXPECT_EQ(client_events.only<heartbeat_event>().origin, LBW_ORIGIN_PEER);
  EXPECT_EQ(client().counters().heartbeats_received, 1u);
}

TEST_F(Wired, ADeadLinkIsNoticedAndLeft) {
  connect();
  holding = true;
  advance(seconds(40));
  EXPECT_EQ(client_events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
  EXPECT_EQ(server_events(0).count<close_event>(), 1u);
  holding = false;
  ASSERT_TRUE(get_ready());
}

// ---- the closes ----

TEST_F(Wired, EveryCloseReachesTheClientWithItsCodeAndReason) {
  for (const int32_t code : {0, 1, 2, 3, 4, 5, 99}) {
    SCOPED_TRACE(code);
    ASSERT_TRUE(client().state() == LBW_STATE_READY || (connect(), get_ready()));
    client_events.clear();
    const std::string reason = "reason " + std::to_string(code);
    server().close(code, reason, clock.at());
    run();
    const auto closed = client_events.all<close_event>().at(0);
    EXPECT_EQ(closed.code, code);
    EXPECT_EQ(closed.origin, LBW_ORIGIN_PEER);
    EXPECT_EQ(closed.reason, reason);
    EXPECT_TRUE(closed.will_reconnect);
    ASSERT_TRUE(get_ready());
    const bool by_token = code == LBW_CLOSE_AUTH_ERROR || code == LBW_CLOSE_SESSION_EXPIRED;
    EXPECT_EQ(client_events.last<session_event>().kind, by_token ? LBW_SESSION_AUTH : LBW_SESSION_RECONNECT);
    advance(client_opts.reconnect.stable);
  }
  expect_each_credential_presented_once();
}

TEST_F(Wired, ConnectDuplicateEndsTheOlderClient) {
  connect();
  server().close(LBW_CLOSE_CONNECT_DUPLICATE, "taken over", clock.at());
  run();
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_FALSE(client_events.only<close_event>().will_reconnect);
  EXPECT_EQ(client().deadline(), never);
}

TEST_F(Wired, ASessionThatIsTakenOverClosesTheOlderClient) {
  connect();
  ask(text_bytes("lost"));
  answering = false;
  run();
  const std::string session = client().resumable()->id;
  take_over(session);
  EXPECT_TRUE(server().ready());
  EXPECT_EQ(server_events(0).only<close_event>().code, LBW_CLOSE_CONNECT_DUPLICATE);
  EXPECT_EQ(client().state(), LBW_STATE_CLOSED);
  EXPECT_EQ(client_events.only<close_event>().code, LBW_CLOSE_CONNECT_DUPLICATE);
  EXPECT_FALSE(client_events.only<close_event>().will_reconnect);
  EXPECT_EQ(store.sessions.size(), 1u) << "the new id replaced the old one";
  EXPECT_EQ(store.sessions.count(session), 0u);
  EXPECT_EQ(client().deadline(), never);
}

TEST_F(Wired, AConnectionWhoseLossWentUnnoticedIsClosedWhenItsSessionComesBack) {
  client_opts.heartbeat = {milliseconds(3000), milliseconds(2000)};  // the gateway's is slower
  connect();
  const std::string session = client().resumable()->id;
  silent_loss = true;
  holding = true;
  advance(seconds(5));
  EXPECT_EQ(client_events.last<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT);
  holding = false;
  ASSERT_TRUE(get_ready());
  EXPECT_EQ(connections(), 2u);
  EXPECT_NE(client().resumable()->id, session);
  EXPECT_EQ(server_events(0).only<close_event>().code, LBW_CLOSE_CONNECT_DUPLICATE);
  EXPECT_EQ(client().state(), LBW_STATE_READY) << "the older connection's Close is not this one's";
}

TEST_F(Wired, AuthIsRefusedTwiceThenFailed) {
  next_token = [] { return std::string("made up"); };
  connect();
  EXPECT_FALSE(get_ready());
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(client_events.last<state_event>().cause, LBW_CAUSE_AUTH_REFUSED);
  EXPECT_EQ(connections(), 2u);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(server_events(i).only<close_event>().code, LBW_CLOSE_AUTH_ERROR);
}

TEST_F(Wired, AnUnknownSessionIsFollowedByAFreshToken) {
  client().resume({"of another gateway", clock.now().unix_ms + 1000});
  connect();
  ASSERT_TRUE(get_ready());
  EXPECT_EQ(connections(), 2u);
  EXPECT_EQ(client_events.last<session_event>().kind, LBW_SESSION_AUTH);
  EXPECT_EQ(client_events.only<close_event>().code, LBW_CLOSE_SESSION_EXPIRED);
}

TEST_F(Wired, ASessionExpiresAtTheGatewayAndComesBackWithATokenAtOnce) {
  store.valid = milliseconds(45000);
  connect();
  const time_point began = clock.at();
  advance(milliseconds(45000) - one_tick);
  EXPECT_EQ(client().counters().sessions, 1u);
  advance(one_tick);
  EXPECT_EQ(client_events.only<close_event>().code, LBW_CLOSE_SESSION_EXPIRED);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  EXPECT_EQ(clock.at(), began + milliseconds(45000));
  EXPECT_EQ(client_events.last<session_event>().kind, LBW_SESSION_AUTH);
}

TEST_F(Wired, AHandlerThatFailsIsAServerError) {
  answering = false;
  on_request = [this](size_t connection, const request_event&) {
    server(connection).close(LBW_CLOSE_SERVER_ERROR, "handler failed", clock.at());
  };
  connect();
  const uint64_t ticket = ask({});
  run();
  EXPECT_EQ(ends()[ticket], LBW_ERR_DISCONNECTED);
  EXPECT_EQ(client_events.only<close_event>().code, LBW_CLOSE_SERVER_ERROR);
  EXPECT_EQ(client_events.only<close_event>().requests_lost, 1u);
  ASSERT_TRUE(get_ready());
  EXPECT_EQ(client_events.last<session_event>().requests_lost, 1u);
}

TEST_F(Wired, BytesThatCannotBeParsedAreAnUnpackErrorAndTheClientFailsAtTheThird) {
  connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(get_ready());
    client().channel().send_push(101, {});  // a client does not push
    run();
  }
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
  EXPECT_EQ(client_events.last<state_event>().cause, LBW_CAUSE_PROTOCOL_ERROR);
  EXPECT_EQ(client_events.count<close_event>(), 3u);
}

TEST_F(Wired, AClientWhoseTimeIsOverIsTimedOutByTheGatewayToo) {
  answering = false;
  connect();
  ask({}, milliseconds(300));
  advance(milliseconds(300));
  EXPECT_EQ(client_events.only<response_event>().result, LBW_ERR_TIMEOUT);
  EXPECT_EQ(client().counters().responses_unexpected, 1u) << "the gateway's own answer came in the same moment";
}

TEST_F(Wired, ADisconnectStillSendsWhatWasAsked) {
  connect();
  ask(text_bytes("last words"));
  client().disconnect();
  run();
  EXPECT_EQ(as_text(server_events().only<request_event>().body), "last words");
}

TEST_F(Wired, WhileNoGatewayListensItKeepsTrying) {
  random.value = chosen_random::highest;
  accepting = false;
  connect();
  advance(seconds(120));
  EXPECT_GE(client().counters().connects, 2u);
  EXPECT_NE(client().state(), LBW_STATE_FAILED);
  accepting = true;
  ASSERT_TRUE(get_ready());
  EXPECT_EQ(store.presented.size(), 1u) << "the token was kept while nothing was up";
}

TEST_F(Wired, AGatewayThatNeverAnswersIsLeft) {
  holding = true;
  connect();
  advance(client_opts.auth_timeout);
  EXPECT_EQ(client_events.all<close_event>().at(0).code, LBW_CLOSE_AUTH_TIMEOUT);
  holding = false;
  ASSERT_TRUE(get_ready());
}

TEST_F(Wired, IdsWrapUnderWayAndEveryAnswerFindsItsRequest) {
  connect();
  client().channel().set_last_request_id(4294967290u);
  std::map<uint64_t, byte_string> asked;
  for (uint8_t i = 0; i < 40; ++i) {
    const byte_string body{i};
    asked[ask(body)] = body;
  }
  run();
  for (const auto& e : client_events.all<response_event>())
    EXPECT_EQ(byte_string(e.body.begin(), e.body.end()), asked.at(e.request));
  EXPECT_EQ(ends().size(), 40u);
}

}  // namespace
}  // namespace lbwire::session
