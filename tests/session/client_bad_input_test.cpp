// A peer that breaks the rules: the client reports what it saw and follows the table; it neither crashes nor hangs.
#include "client_fixture.h"
#include "wire/gzip.h"
#include "wire/metadata.h"

namespace lbwire::session {
namespace {

class ClientBadInput : public client_test {
 protected:
  void expect_unpack_error(const byte_string& raw, std::string_view says) {
    const auto closes = events.count<close_event>();
    receive(raw);
    ASSERT_EQ(events.count<close_event>(), closes + 1) << says;
    const auto closed = events.last<close_event>();
    EXPECT_EQ(closed.code, LBW_CLOSE_UNPACK_ERROR);
    EXPECT_EQ(closed.origin, LBW_ORIGIN_LOCAL);
    EXPECT_NE(closed.reason.find(says), std::string_view::npos) << closed.reason;
    EXPECT_EQ(events.last<state_event>().cause, LBW_CAUSE_PROTOCOL_ERROR);
    EXPECT_EQ(client().connection(), 0u);
  }
};

byte_string compressed(const byte_string& body) {
  byte_string out;
  wire::deflate(body, out);
  return out;
}

owned_packet gzip_push(byte_string body) {
  owned_packet p = push_packet(101, std::move(body));
  p.gzip = true;
  return p;
}

TEST_F(ClientBadInput, EveryUnknownPacketType) {
  for (unsigned type = 0; type < 16; ++type) {
    if (type >= 1 && type <= 3) continue;
    make_ready();
    expect_unpack_error({static_cast<uint8_t>(type)}, "unknown packet type at byte");
    client().disconnect();
    tick();
  }
}

TEST_F(ClientBadInput, TellsAtWhichByteOfTheConnectionItStopped) {
  make_ready();
  const auto before = client().traffic().bytes_received;
  expect_unpack_error(encoded(push_packet(101, byte_string(10))) + byte_string{0x07},
                      "at byte " + std::to_string(before + 15));
}

TEST_F(ClientBadInput, ReservedBitsAreAccepted) {
  make_ready();
  for (const uint8_t bits : byte_string{0x40, 0x80, 0xc0}) {
    byte_string raw = encoded(push_packet(101, text_bytes("x")));
    raw[0] = static_cast<uint8_t>(raw[0] | bits);
    receive(raw);
  }
  EXPECT_EQ(events.count<push_event>(), 3u);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientBadInput, APacketLargerThanAllowedIsRefusedByItsHeader) {
  options.limits.max_packet_bytes = 1000;
  make_ready();
  receive(push_packet(101, byte_string(995)));
  EXPECT_EQ(events.count<push_event>(), 1u);
  byte_string header = encoded(push_packet(101, byte_string(996)));
  header.resize(5);
  expect_unpack_error(header, "larger than allowed");
}

TEST_F(ClientBadInput, ATruncatedPacketIsWaitedForUntilTheConnectionEnds) {
  make_ready();
  byte_string raw = encoded(push_packet(101, byte_string(100)));
  raw.resize(60);
  receive(raw);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  lose();
  EXPECT_EQ(events.last<close_event>().code, LBW_CLOSE_CONNECTION_LOST);
  EXPECT_EQ(events.count<push_event>(), 0u);
  come_back();
  receive(push_packet(102));
  EXPECT_EQ(events.only<push_event>().cmd, 102) << "nothing of the old connection is left";
}

TEST_F(ClientBadInput, BrokenGzip) {
  make_ready();
  byte_string body = compressed(byte_string(1000, 'a'));
  body[body.size() - 6] ^= 1;  // its checksum
  expect_unpack_error(encoded(gzip_push(body)), "compressed body of command 101");
  come_back();
  expect_unpack_error(encoded(gzip_push(text_bytes("not gzip"))), "compressed body");
}

TEST_F(ClientBadInput, AGzipBomb) {
  options.limits.max_inflated_bytes = 100'000;
  make_ready();
  receive(gzip_push(compressed(byte_string(100'000))));
  EXPECT_EQ(events.only<push_event>().body.size(), 100'000u);
  expect_unpack_error(encoded(gzip_push(compressed(byte_string(100'001)))), "compressed body");
  EXPECT_EQ(events.count<push_event>(), 1u);
}

TEST_F(ClientBadInput, CompressedBodiesAreHandedOutInflated) {
  make_ready();
  ask();
  owned_packet answer = response_packet(11, only_sent().request_id, compressed(text_bytes("inflated")));
  answer.gzip = true;
  receive(answer);
  EXPECT_EQ(as_text(events.only<response_event>().body), "inflated");

  owned_packet close = close_packet(LBW_CLOSE_SERVER_ERROR, "compressed");
  close.body = compressed(close.body);
  close.gzip = true;
  receive(close);
  EXPECT_EQ(events.only<close_event>().reason, "compressed");
}

TEST_F(ClientBadInput, ManySmallBombsInOneReadAreInflatedBatchByBatch) {
  make_ready();
  byte_string raw;
  const byte_string bomb = encoded(gzip_push(compressed(byte_string(1 << 20))));
  for (int i = 0; i < 20; ++i) raw = raw + bomb;
  client().feed(raw);
  event_batch batch;
  for (bool more = true; more;) {
    more = client().receive(clock.now(), batch);
    EXPECT_LE(std::distance(batch.begin(), batch.end()), 2);
    events.take(batch);
  }
  EXPECT_EQ(events.count<push_event>(), 20u);
}

TEST_F(ClientBadInput, MalformedMetadata) {
  options.handshake.version = wire::version::v2;
  make_ready();
  owned_packet p = push_packet(101, text_bytes("x"));
  p.metadata = {1, 'k', 1, 'v'};
  receive(p);
  EXPECT_EQ(events.count<push_event>(), 1u);
  for (const byte_string& run : {byte_string{1, 'k'}, byte_string{5, 'k'}, byte_string{0x80, 1, 'k', 1, 'v'}}) {
    client().disconnect();
    tick();
    make_ready();
    p.metadata = run;
    expect_unpack_error(encoded(p, wire::version::v2), "metadata of command 101");
  }
}

TEST_F(ClientBadInput, AnAnswerToAuthThatDoesNotParse) {
  connect();
  for (const int64_t delay : {0, 250, -1}) {
    if (delay == 0)
      open();
    else
      next_attempt();
    expect_unpack_error(encoded(response_packet(admission.cmd, admission.request_id, {0x0a, 0x50})),
                        "an answer to auth that cannot be parsed");
  }
  EXPECT_EQ(client().state(), LBW_STATE_FAILED);
}

TEST_F(ClientBadInput, ACloseThatDoesNotParse) {
  make_ready();
  expect_unpack_error(encoded(push_packet(number(wire::command::close), {0xff})), "a Close that cannot be parsed");
}

TEST_F(ClientBadInput, ACloseWithoutABodyIsAHeartbeatTimeout) {
  make_ready();
  receive(push_packet(number(wire::command::close)));
  EXPECT_EQ(events.only<close_event>().code, LBW_CLOSE_HEARTBEAT_TIMEOUT) << "protobuf leaves zero out";
}

TEST_F(ClientBadInput, PushesOfOtherControlCommandsAreIgnored) {
  make_ready();
  for (const auto cmd : {wire::command::heartbeat, wire::command::auth, wire::command::reconnect})
    receive(push_packet(number(cmd)));
  EXPECT_EQ(client().state(), LBW_STATE_READY);
  EXPECT_EQ(events.count<push_event>(), 0u);
  EXPECT_EQ(events.count<log_event>(), 3u);
}

TEST_F(ClientBadInput, RequestsOtherThanHeartbeatsAreRefused) {
  make_ready();
  for (const uint8_t cmd : {uint8_t{0}, uint8_t{2}, uint8_t{3}, uint8_t{11}, uint8_t{255}}) {
    receive(request_packet(cmd, 9));
    const auto answer = only_sent();
    EXPECT_EQ(answer.type, wire::packet_type::response);
    EXPECT_EQ(answer.cmd, cmd);
    EXPECT_EQ(answer.request_id, 9u);
    EXPECT_EQ(answer.status, number(wire::status_code::bad_request));
    EXPECT_FALSE(message_in<wire::error>(answer).msg.empty());
  }
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientBadInput, ResponsesToNothingAskedAreCounted) {
  options.log_level = LBW_LOG_DEBUG;
  make_ready();
  for (const uint32_t id : {0u, 1u, 2u, 4294967295u}) receive(response_packet(11, id));
  receive(response_packet(number(wire::command::auth), 1));
  EXPECT_EQ(client().counters().responses_unexpected, 5u);
  EXPECT_EQ(events.count<response_event>(), 0u);
  EXPECT_EQ(events.count<log_event>(), 5u);
  EXPECT_EQ(client().state(), LBW_STATE_READY);
}

TEST_F(ClientBadInput, AResponseOfAnotherCommandAnswersNoRequest) {
  make_ready();
  ask(11);
  const uint32_t id = only_sent().request_id;
  receive(response_packet(12, id));
  receive(response_packet(number(wire::command::auth), id));
  EXPECT_EQ(client().counters().responses_unexpected, 2u);
  receive(response_packet(11, id));
  EXPECT_EQ(events.only<response_event>().result, LBW_OK);
}

TEST_F(ClientBadInput, LogsNoMoreThanItsLevel) {
  options.log_level = LBW_LOG_ERROR;
  make_ready();
  receive(push_packet(2));
  receive(response_packet(11, 5));
  EXPECT_EQ(events.count<log_event>(), 0u);
}

TEST_F(ClientBadInput, PushesBeforeReadyAreHandedOut) {
  connect();
  open();
  receive(push_packet(101));
  EXPECT_EQ(events.count<push_event>(), 1u);
  EXPECT_EQ(client().state(), LBW_STATE_AUTHENTICATING);
}

TEST_F(ClientBadInput, AResponseWithAnotherIdIsNoAnswerToAuth) {
  connect();
  open();
  const auto body = body_of(wire::auth_response{"s", clock.now().unix_ms + 1000, 0, 0});
  receive(response_packet(number(wire::command::auth), admission.request_id + 1, body));
  receive(response_packet(11, admission.request_id, body));
  EXPECT_EQ(client().state(), LBW_STATE_AUTHENTICATING);
  EXPECT_EQ(client().counters().responses_unexpected, 2u);
}

TEST_F(ClientBadInput, ASecondAnswerToAuthChangesNothing) {
  make_ready();
  const auto body = body_of(wire::auth_response{"other", clock.now().unix_ms + 1000, 0, 0});
  receive(response_packet(admission.cmd, admission.request_id, body));
  EXPECT_EQ(client().resumable()->id, "session-1");
  EXPECT_EQ(events.count<session_event>(), 1u);
}

TEST_F(ClientBadInput, ASecondRefusalChangesNothing) {
  connect();
  open();
  refuse(wire::status_code::unauthenticated, "first");
  refuse(wire::status_code::server_internal_error, "second");
  lose();
  EXPECT_EQ(events.only<close_event>().reason, "first");
}

TEST_F(ClientBadInput, RandomBytesNeverHangOrCrashIt) {
  options.reconnect.on[LBW_CLOSE_UNPACK_ERROR] = close_action::resume;
  seeded_random noise(11);
  uint64_t fed = 0;
  for (int round = 0; round < 400; ++round) {
    if (client().state() != LBW_STATE_READY) {
      client().disconnect();
      tick();
      make_ready();
    }
    byte_string raw(1 + noise.below(60));
    for (uint8_t& byte : raw) byte = static_cast<uint8_t>(noise.next());
    raw[0] = static_cast<uint8_t>((raw[0] & 0xf0u) | (1 + noise.below(3)));
    if (raw.size() > 5 && noise.below(2) == 0) raw[2] = raw[3] = 0;
    fed += raw.size();
    receive(raw);
    events.clear();
    client().sent(client().output().size());
  }
  EXPECT_GT(client().traffic().bytes_received, fed / 2);
}

}  // namespace
}  // namespace lbwire::session
