#include "server_fixture.h"
#include "wire/gzip.h"

namespace lbwire::session {
namespace {

using ServerAdmission = server_test;

TEST_F(ServerAdmission, WaitsForTheHandshakeThenAsksItsDriver) {
  EXPECT_TRUE(server().wants_packets());
  shake_hands();
  EXPECT_TRUE(events.summary().empty());
  receive(auth_packet("one-time"));
  EXPECT_TRUE(server().deciding());
  EXPECT_FALSE(server().wants_packets());
  const auto asked = events.only<admission_event>();
  EXPECT_EQ(asked.kind, LBW_SESSION_AUTH);
  EXPECT_EQ(asked.credential, "one-time");
  EXPECT_EQ(*asked.metadata, (wire::string_map{{"k", "v"}}));
  EXPECT_TRUE(sent().empty());
}

TEST_F(ServerAdmission, TakesHandshakeAndAuthInOnePieceOrByteByByte) {
  const auto shake = wire::encode_handshake(handshake);
  const byte_string raw = byte_string(shake.begin(), shake.end()) + encoded(auth_packet());
  receive(raw);
  EXPECT_TRUE(server().deciding());
  restart();
  for (const uint8_t byte : raw) receive(byte_string{byte});
  EXPECT_TRUE(server().deciding());
  EXPECT_EQ(server().traffic().bytes_received, raw.size());
}

TEST_F(ServerAdmission, AcceptAnswersWithTheSession) {
  shake_hands();
  receive(auth_packet("t", 41));
  accept("fresh");
  EXPECT_TRUE(server().due(clock.at()));
  EXPECT_LE(server().deadline(), clock.at());
  tick();
  EXPECT_TRUE(server().ready());
  EXPECT_TRUE(server().wants_packets());
  const auto answer = only_sent();
  EXPECT_TRUE(answer.is(wire::packet_type::response, wire::command::auth));
  EXPECT_EQ(answer.request_id, 41u);
  EXPECT_EQ(answer.status, 0);
  const wire::auth_response expected{"fresh", clock.now().unix_ms + an_hour.count(), 10, 2};
  EXPECT_EQ(message_in<wire::auth_response>(answer), expected);
  const auto session = events.only<session_event>();
  EXPECT_EQ(session.kind, LBW_SESSION_AUTH);
  EXPECT_EQ(session.session_id, "fresh");
  EXPECT_EQ(session.expires_ms, expected.expires);
  EXPECT_EQ(server().expires_ms(), expected.expires);
}

TEST_F(ServerAdmission, AcceptAnswersAReconnectAsOne) {
  shake_hands();
  receive(reconnect_packet("before"));
  const auto asked = events.only<admission_event>();
  EXPECT_EQ(asked.kind, LBW_SESSION_RECONNECT);
  EXPECT_EQ(asked.credential, "before");
  accept("after", an_hour, LBW_SESSION_RECONNECT);
  tick();
  EXPECT_TRUE(only_sent().is(wire::packet_type::response, wire::command::reconnect));
  EXPECT_EQ(events.only<session_event>().kind, LBW_SESSION_RECONNECT);
}

TEST_F(ServerAdmission, SpeaksWhatTheHandshakeAnnounced) {
  for (const auto version : {wire::version::v1, wire::version::v2}) {
    for (const auto codec : {wire::body_codec::protobuf, wire::body_codec::json}) {
      restart();
      handshake.version = version;
      handshake.codec = codec;
      shake_hands();
      receive(auth_packet("t"));
      EXPECT_EQ(events.only<admission_event>().credential, "t");
      accept("s");
      EXPECT_EQ(message_in<wire::auth_response>(only_sent(), codec).session_id, "s");
      server().close(LBW_CLOSE_SERVER_ERROR, "bye", clock.at());
      tick();
      expect_closed(LBW_CLOSE_SERVER_ERROR, "bye");
    }
  }
}

TEST_F(ServerAdmission, RefuseAnswersUnauthenticatedThenCloses) {
  for (const int32_t code : {LBW_CLOSE_AUTH_ERROR, LBW_CLOSE_SESSION_EXPIRED}) {
    restart();
    shake_hands();
    receive(reconnect_packet("gone", 5));
    server().refuse(code, "unknown session", clock.at());
    tick();
    const auto packets = decoded(server().output().pending());
    ASSERT_EQ(packets.size(), 2u);
    EXPECT_TRUE(packets[0].is(wire::packet_type::response, wire::command::reconnect));
    EXPECT_EQ(packets[0].request_id, 5u);
    EXPECT_EQ(packets[0].status, number(wire::status_code::unauthenticated));
    EXPECT_EQ(message_in<wire::error>(packets[0]), (wire::error{5, "unknown session"}));
    expect_closed(code, "unknown session");
    EXPECT_EQ(events.count<session_event>(), 0u);
  }
}

TEST_F(ServerAdmission, AnAnswerIsTakenOnce) {
  shake_hands();
  receive(auth_packet());
  accept("one");
  accept("two");
  server().refuse(LBW_CLOSE_AUTH_ERROR, "no", clock.at());
  tick();
  EXPECT_EQ(message_in<wire::auth_response>(only_sent()).session_id, "one");
  EXPECT_TRUE(server().ready());
}

TEST_F(ServerAdmission, AnAnswerToNoQuestionIsIgnored) {
  accept();
  server().refuse(LBW_CLOSE_AUTH_ERROR, "no", clock.at());
  tick();
  EXPECT_TRUE(sent().empty());
  shake_hands();
  receive(auth_packet());
  server().disconnected("gone");
  accept();
  tick();
  EXPECT_TRUE(server().over());
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(events.count<session_event>(), 0u);
}

TEST_F(ServerAdmission, TheFirstPacketMustComeInTime) {
  expect_quiet_until(options.auth_timeout);
  expect_closed(LBW_CLOSE_AUTH_ERROR, "no auth within 10000 ms");
}

TEST_F(ServerAdmission, APeerThatSendsAByteASecondBeforeAuthIsDroppedInTime) {
  handshake.platform = 3;
  const auto shake = wire::encode_handshake(handshake);
  const byte_string raw = byte_string(shake.begin(), shake.end()) + encoded(auth_packet(std::string(100, 't')));
  size_t at = 0;
  while (!server().closing()) {
    receive(byte_string{raw.at(at++)});
    advance(seconds(1));
  }
  EXPECT_EQ(at, 10u);
  expect_closed(LBW_CLOSE_AUTH_ERROR, "no auth within");
}

TEST_F(ServerAdmission, WhileItsHostKeepsItFromReadingTheFirstPacketMayWait) {
  server().pause_reading();
  advance(10 * options.auth_timeout);
  EXPECT_FALSE(server().closing());
  EXPECT_EQ(server().deadline(), never);
  server().resume_reading(clock.at());
  expect_quiet_until(options.auth_timeout);
  expect_closed(LBW_CLOSE_AUTH_ERROR, "no auth within");
}

TEST_F(ServerAdmission, TheFirstPacketJustInTimeIsInTime) {
  shake_hands();
  advance(options.auth_timeout - one_tick);
  receive(auth_packet());
  tick();
  EXPECT_TRUE(server().deciding());
}

TEST_F(ServerAdmission, TheHostMustDecideInTime) {
  shake_hands();
  advance(seconds(9));
  receive(auth_packet());
  expect_quiet_until(options.auth_timeout);
  const auto packets = decoded(server().output().pending());
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[0].status, number(wire::status_code::server_timeout)) << "not the token's fault";
  expect_closed(LBW_CLOSE_SERVER_ERROR, "not decided on within 10000 ms");
}

TEST_F(ServerAdmission, ADecisionJustInTimeIsInTime) {
  shake_hands();
  receive(auth_packet());
  advance(options.auth_timeout - one_tick);
  accept();
  advance(one_tick);
  EXPECT_TRUE(server().ready());
}

TEST_F(ServerAdmission, PacketsBehindTheQuestionWaitForItsAnswer) {
  shake_hands();
  const byte_string raw = encoded(auth_packet()) + encoded(request_packet(11, 2)) + encoded(request_packet(12, 3));
  event_batch batch;
  server().feed(raw);
  EXPECT_FALSE(server().receive(clock.now(), batch));
  const bytes rest = server().take_back();
  EXPECT_EQ(rest.size(), 22u);
  accept();
  server().feed(rest);
  EXPECT_FALSE(server().receive(clock.now(), batch));
  events.take(batch);
  EXPECT_EQ(events.summary(), (lines{"admission by auth", "session by auth", "request 11", "request 12"}));
}

TEST_F(ServerAdmission, ABusinessRequestBeforeAuthIsAnAuthError) {
  shake_hands();
  receive(request_packet(11, 1));
  expect_closed(LBW_CLOSE_AUTH_ERROR, "first packet");
}

TEST_F(ServerAdmission, AnyOtherFirstPacketIsAnAuthError) {
  const owned_packet others[] = {
      request_packet(number(wire::command::heartbeat), 1), request_packet(number(wire::command::close), 1),
      response_packet(number(wire::command::auth), 1), push_packet(number(wire::command::auth)), push_packet(101)};
  for (const owned_packet& p : others) {
    restart();
    shake_hands();
    receive(p);
    expect_closed(LBW_CLOSE_AUTH_ERROR, "first packet");
  }
}

TEST_F(ServerAdmission, AnAuthThatCannotBeParsedIsAnUnpackError) {
  for (const auto cmd : {wire::command::auth, wire::command::reconnect}) {
    restart();
    shake_hands();
    receive(request_packet(number(cmd), 1, {0x0a, 0x50}));
    expect_closed(LBW_CLOSE_UNPACK_ERROR, cmd == wire::command::auth ? "an auth request" : "an reconnect request");
  }
}

TEST_F(ServerAdmission, AHandshakeThatIsNotSupportedIsToldInTheDefaultOne) {
  for (const byte_string& shake : {byte_string{0x13, 0x09}, byte_string{0x31, 0x09}, byte_string{0x00, 0x00},
                                   byte_string{'G', 'E'}, byte_string{0x16, 0x03}}) {
    restart();
    receive(shake);
    expect_closed(LBW_CLOSE_UNPACK_ERROR, "handshake: unsupported");
  }
}

TEST_F(ServerAdmission, AStrangerMayNotMakeItHoldALargePacket) {
  shake_hands();
  byte_string header = encoded(auth_packet(std::string(70'000, 't')));
  header.resize(11);
  receive(header);
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "larger than allowed");
}

TEST_F(ServerAdmission, AStrangerMayNotMakeItInflateALargeBody) {
  shake_hands();
  owned_packet bomb = auth_packet(std::string(200'000, 't'));
  byte_string small;
  wire::deflate(bomb.body, small);
  ASSERT_LT(small.size(), 1000u);
  bomb.body = small;
  bomb.gzip = true;
  receive(bomb);
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "compressed body of command 2");
}

TEST_F(ServerAdmission, ASmallLimitHoldsForStrangersToo) {
  options.limits.max_packet_bytes = 100;
  shake_hands();
  receive(auth_packet(std::string(100, 't')));
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "larger than allowed");
}

TEST_F(ServerAdmission, WhoIsLetInMaySendLargePackets) {
  make_ready();
  receive(request_packet(11, 2, byte_string(100'000)));
  EXPECT_EQ(events.only<request_event>().body.size(), 100'000u);
}

TEST_F(ServerAdmission, WallClockJumpsMoveNoTimer) {
  clock.jump_wall(10 * an_hour);
  expect_quiet_until(options.auth_timeout);
  EXPECT_TRUE(server().closing());
  restart();
  make_ready();
  clock.jump_wall(-20 * an_hour);
  tick();
  EXPECT_TRUE(server().ready());
}

TEST_F(ServerAdmission, TheSessionEndsWhenItExpires) {
  shake_hands();
  receive(auth_packet());
  accept("short", milliseconds(4000));
  tick();
  sent();
  expect_quiet_until(milliseconds(4000));
  expect_closed(LBW_CLOSE_SESSION_EXPIRED, "expired");
}

TEST_F(ServerAdmission, EndsQuietlyIfThePeerLeavesBeforeAuth) {
  server().disconnected("reset");
  tick();
  EXPECT_TRUE(server().over());
  EXPECT_EQ(server().deadline(), never);
  EXPECT_EQ(events.only<close_event>().code, LBW_CLOSE_CONNECTION_LOST);
  EXPECT_EQ(server().sent_close(), -1);
}

}  // namespace
}  // namespace lbwire::session
