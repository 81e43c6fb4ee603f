// A peer that breaks the rules: it is told Close with the right code, and the gateway goes on.
#include "server_fixture.h"
#include "wire/gzip.h"

namespace lbwire::session {
namespace {

using ServerBadInput = server_test;

byte_string compressed(const byte_string& body) {
  byte_string out;
  wire::deflate(body, out);
  return out;
}

TEST_F(ServerBadInput, EveryUnknownPacketTypeIsAnUnpackError) {
  for (unsigned type = 0; type < 16; ++type) {
    if (type >= 1 && type <= 3) continue;
    restart();
    make_ready();
    receive(byte_string{static_cast<uint8_t>(type | 0xc0)});
    expect_closed(LBW_CLOSE_UNPACK_ERROR, "unknown packet type at byte");
  }
}

TEST_F(ServerBadInput, ReservedBitsAreAccepted) {
  make_ready();
  byte_string raw = encoded(request_packet(11, 2));
  raw[0] |= 0xc0;
  receive(raw);
  EXPECT_EQ(events.count<request_event>(), 1u);
}

TEST_F(ServerBadInput, ATimeoutAboveTheProtocolsIsTakenAsItIs) {
  make_ready();
  byte_string raw = encoded(request_packet(11, 2));
  raw[6] = raw[7] = 0xff;
  receive(raw);
  EXPECT_EQ(events.only<request_event>().timeout_ms, 65535u);
}

TEST_F(ServerBadInput, APacketLargerThanAllowedIsAnUnpackErrorByItsHeader) {
  options.limits.max_packet_bytes = 1000;
  make_ready();
  byte_string header = encoded(request_packet(11, 2, byte_string(990)));
  header.resize(11);
  receive(header);
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "larger than allowed");
}

TEST_F(ServerBadInput, BrokenGzipIsAnUnpackError) {
  make_ready();
  owned_packet p = request_packet(11, 2, text_bytes("not gzip"));
  p.gzip = true;
  receive(p);
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "compressed body of command 11");
}

TEST_F(ServerBadInput, AGzipBombIsAnUnpackError) {
  options.limits.max_inflated_bytes = 100'000;
  make_ready();
  owned_packet p = request_packet(11, 2, compressed(byte_string(100'000)));
  p.gzip = true;
  receive(p);
  EXPECT_EQ(events.only<request_event>().body.size(), 100'000u);
  p = request_packet(11, 3, compressed(byte_string(100'001)));
  p.gzip = true;
  receive(p);
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "compressed body of command 11");
}

TEST_F(ServerBadInput, MalformedMetadataIsAnUnpackError) {
  handshake.version = wire::version::v2;
  for (const byte_string& run : {byte_string{1, 'k'}, byte_string{5, 'k'}, byte_string{0x80, 1, 'k', 1, 'v'}}) {
    restart();
    make_ready();
    owned_packet p = request_packet(11, 2);
    p.metadata = run;
    receive(p);
    expect_closed(LBW_CLOSE_UNPACK_ERROR, "metadata of command 11");
  }
}

TEST_F(ServerBadInput, APushFromAClientIsAnUnpackError) {
  for (const uint8_t cmd : byte_string{0, 1, 101}) {
    restart();
    make_ready();
    receive(push_packet(cmd));
    expect_closed(LBW_CLOSE_UNPACK_ERROR, "a client does not push");
  }
}

TEST_F(ServerBadInput, AResponseToNothingAskedIsAnUnpackError) {
  for (const uint8_t cmd : byte_string{1, 2, 11}) {
    restart();
    make_ready();
    receive(response_packet(cmd, 5));
    expect_closed(LBW_CLOSE_UNPACK_ERROR, "response 5 answers nothing that was asked");
  }
}

TEST_F(ServerBadInput, ABusinessResponseWithTheIdOfOurHeartbeatAnswersNothing) {
  make_ready();
  advance(options.heartbeat.interval);
  receive(response_packet(11, only_sent().request_id));
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "answers nothing");
}

TEST_F(ServerBadInput, ASecondAuthIsAnAuthError) {
  for (const bool again_by_token : {true, false}) {
    restart();
    make_ready();
    receive(again_by_token ? auth_packet("another", 2) : reconnect_packet("session-1", 2));
    expect_closed(LBW_CLOSE_AUTH_ERROR, "authenticated already");
  }
}

TEST_F(ServerBadInput, ACloseRequestFromAClientIsAnUnpackError) {
  make_ready();
  receive(request_packet(number(wire::command::close), 2));
  expect_closed(LBW_CLOSE_UNPACK_ERROR, "a client does not send Close");
}

TEST_F(ServerBadInput, ATruncatedPacketIsWaitedForUntilTheConnectionEnds) {
  make_ready();
  byte_string raw = encoded(request_packet(11, 2, byte_string(100)));
  raw.resize(60);
  receive(raw);
  EXPECT_TRUE(server().ready());
  server().disconnected("eof");
  tick();
  EXPECT_EQ(events.summary(), lines{"close -1 peer"});
}

TEST_F(ServerBadInput, NoRefusalRepeatsTheCredential) {
  shake_hands();
  receive(auth_packet("s3cret"));
  server().refuse(LBW_CLOSE_AUTH_ERROR, "unknown token", clock.at());
  tick();
  const auto out = as_text(server().output().pending());
  EXPECT_EQ(out.find("s3cret"), std::string::npos);
  EXPECT_EQ(events.only<close_event>().reason.find("s3cret"), std::string_view::npos);
}

TEST_F(ServerBadInput, ManyRequestsInOneReadAreHandedOutInBatches) {
  options.requests.max_in_flight = 5000;
  make_ready();
  byte_string raw;
  for (uint32_t id = 2; id < 1002; ++id) raw = raw + encoded(request_packet(11, id));
  server().feed(raw);
  event_batch batch;
  for (bool more = true; more;) {
    more = server().receive(clock.now(), batch);
    EXPECT_LE(std::distance(batch.begin(), batch.end()), 128);
    events.take(batch);
  }
  EXPECT_EQ(events.count<request_event>(), 1000u);
}

TEST_F(ServerBadInput, RandomBytesNeverHangOrCrashIt) {
  seeded_random noise(12);
  for (int round = 0; round < 400; ++round) {
    restart();
    if (noise.below(3) != 0) make_ready();
    for (int part = 0; part < 5 && !server().closing(); ++part) {
      byte_string raw(1 + noise.below(60));
      for (uint8_t& byte : raw) byte = static_cast<uint8_t>(noise.next());
      raw[0] = static_cast<uint8_t>((raw[0] & 0xf0u) | (1 + noise.below(3)));
      if (server().deciding()) accept();
      receive(raw);
    }
    advance(seconds(60));
    advance(seconds(60));
    advance(seconds(60));
    EXPECT_TRUE(server().over()) << "a peer that went silent is dropped in the end";
    EXPECT_LE(events.count<close_event>(), 1u);
  }
}

}  // namespace
}  // namespace lbwire::session
