// What a client can send that it should not: it is told Close with the right code, and the others are served on.
#include <chrono>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

class gateway_bad_input : public testing::Test {
 protected:
  gateway_bad_input() {
    gateway.on_auth = [this](const lbw_auth_event& e) {
      EXPECT_OK(lbw_gateway_refuse(gateway.handle, e.connection, "not that one"));
    };
    gateway.on_request = [this](const lbw_request_event& e) {
      if (text_of(e.body, e.body_len) == "not now") return 0;
      return lbw_gateway_respond(gateway.handle, e.connection, e.request_id, 0, e.body, e.body_len);
    };
    gateway.start();
    bystander.emplace(gateway);
    EXPECT_TRUE(bystander->ready());
  }
  void TearDown() override {
    const auto answer = bystander->answer("still served");
    ASSERT_TRUE(answer);
    EXPECT_EQ("still served", answer->text);
    EXPECT_EQ(0u, bystander->events.count(is(LBW_EVENT_CLOSE)));
    EXPECT_TRUE(eventually([&] { return gateway.stats().connections == 1; }));
  }

  raw_peer stranger() { return raw_peer::to(gateway.address()); }
  raw_peer member() {
    raw_peer peer = stranger();
    EXPECT_TRUE(peer.authenticate(gateway.token()));
    return peer;
  }

  // The next packet is a Close with this code and reason, and then the connection ends.
  void expect_close(raw_peer& peer, int code, const std::string& reason = "") {
    const auto p = peer.receive_other();
    ASSERT_TRUE(p) << "no Close came";
    EXPECT_EQ(LBW_PACKET_PUSH, p->type);
    EXPECT_EQ(0, p->cmd);
    EXPECT_NE(std::string::npos, p->json.find(lbw_close_name(code))) << p->json;
    EXPECT_NE(std::string::npos, p->json.find(reason)) << p->json;
    EXPECT_TRUE(peer.ended());
    EXPECT_TRUE(gateway.events.saw(close_is(code)));
  }

  gateway_end gateway{
      "\"auth\": {\"timeout_ms\": 60000}, \"limits\": {\"max_packet_bytes\": 65536, \"max_inflated_bytes\": 1048576}, "
      "\"stop\": {\"linger_ms\": 100}"};
  std::optional<client_end> bystander;
};

TEST_F(gateway_bad_input, an_unknown_handshake) {
  for (const bytes& bad : {bytes{0x13, 0x09}, bytes{0x41, 0x09}, bytes{'G', 'E', 'T', ' ', '/', '\r', '\n'}}) {
    raw_peer peer = stranger();
    peer.send(bad + auth("x"));
    expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "handshake");
  }
}

TEST_F(gateway_bad_input, a_truncated_packet_and_the_end_of_the_stream) {
  raw_peer peer = member();
  const bytes whole = request(2, "truncated");
  peer.send(bytes(whole.begin(), whole.end() - 1));
  peer.shutdown_send();
  EXPECT_TRUE(gateway.events.saw(close_is(LBW_CLOSE_CONNECTION_LOST)));
  EXPECT_TRUE(peer.ended());
}

TEST_F(gateway_bad_input, a_packet_over_the_limit_before_its_body_came) {
  raw_peer peer = member();
  peer.send({0x01, 10, 0, 0, 0, 2, 0, 0, 0xff, 0xff, 0xff});
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR);
}

TEST_F(gateway_bad_input, a_stranger_s_large_first_packet) {
  raw_peer peer = stranger();
  peer.send(handshake + bytes{0x01, 2, 0, 0, 0, 1, 0, 0, 0x02, 0x00, 0x00});
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR);
}

TEST_F(gateway_bad_input, an_unknown_type) {
  for (const uint8_t type : bytes{0, 4, 15}) {
    raw_peer peer = member();
    peer.send({type, 10, 0, 0, 0, 2, 0, 0, 0, 0, 0});
    expect_close(peer, LBW_CLOSE_UNPACK_ERROR);
  }
}

TEST_F(gateway_bad_input, a_timeout_over_a_minute_does_no_harm) {
  raw_peer peer = member();
  peer.send({0x01, 10, 0, 0, 0, 2, 0xff, 0xff, 0, 0, 0});
  const auto answer = peer.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(2u, answer->request_id);
}

TEST_F(gateway_bad_input, reserved_bits_are_accepted) {
  raw_peer peer = member();
  bytes odd = request(2, "with reserved bits");
  odd[0] = static_cast<uint8_t>(odd[0] | 0xc0);
  peer.send(odd);
  const auto answer = peer.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ("with reserved bits", answer->text());
}

TEST_F(gateway_bad_input, a_body_that_is_not_as_long_as_the_header_says) {
  raw_peer peer = member();
  bytes wrong = request(2, "0123456789");
  wrong[10] = 4;  // the rest is read as a packet: '4' is type 4 of no kind
  peer.send(wrong);
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR);
}

TEST_F(gateway_bad_input, broken_gzip) {
  raw_peer peer = member();
  plain_packet p;
  p.request_id = 2;
  p.gzip = true;
  p.body = body_of("this is no gzip");
  peer.send(encode(p));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "compressed body");
}

TEST_F(gateway_bad_input, a_gzip_bomb) {
  raw_peer peer = member();
  const std::string zeros(size_t{4} * 2'000'000, '0');
  peer.send(packet("{\"type\": \"request\", \"cmd\": 10, \"request_id\": 2, \"gzip\": true, \"body_hex\": \"" + zeros +
                   "\"}"));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "compressed body");
}

TEST_F(gateway_bad_input, malformed_metadata) {
  raw_peer peer = raw_peer::to(gateway.address(), 2);
  peer.send(handshake_v2 + auth(gateway.token(), 1, 2));
  ASSERT_TRUE(peer.receive());
  plain_packet p;
  p.request_id = 2;
  p.metadata = {9, 'a'};  // a key of nine bytes, of which there is one
  peer.send(encode(p, 2));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "metadata");
}

TEST_F(gateway_bad_input, protobuf_that_does_not_parse) {
  raw_peer peer = stranger();
  plain_packet p;
  p.cmd = 2;
  p.request_id = 1;
  p.body = {0x0a, 0x7f, 'x'};  // a token of 127 bytes, of which there is one
  peer.send(handshake + encode(p));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "cannot be parsed");
}

TEST_F(gateway_bad_input, a_response_to_nothing_that_was_asked) {
  raw_peer peer = member();
  peer.send(response(10, 99, {}));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "answers nothing");
}

TEST_F(gateway_bad_input, a_second_auth) {
  raw_peer peer = member();
  peer.send(auth(gateway.token(), 2));
  expect_close(peer, LBW_CLOSE_AUTH_ERROR, "authenticated already");
}

TEST_F(gateway_bad_input, a_business_request_before_auth) {
  raw_peer peer = stranger();
  peer.send(handshake + request(1, "let me in"));
  expect_close(peer, LBW_CLOSE_AUTH_ERROR, "first packet");
}

TEST_F(gateway_bad_input, a_heartbeat_before_auth) {
  raw_peer peer = stranger();
  peer.send(handshake + request(1, "", 1));
  const auto p = peer.receive();
  ASSERT_TRUE(p);
  EXPECT_EQ(0, p->cmd);
  EXPECT_NE(std::string::npos, p->json.find("AuthError")) << p->json;
  EXPECT_TRUE(peer.ended());
}

TEST_F(gateway_bad_input, a_push_from_a_client) {
  raw_peer peer = member();
  peer.send(push(101, body_of("x")));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "does not push");
}

TEST_F(gateway_bad_input, a_request_id_that_is_in_flight_already) {
  raw_peer peer = member();
  peer.send(request(5, "not now") + request(5, "again"));
  expect_close(peer, LBW_CLOSE_UNPACK_ERROR, "in flight already");
}

TEST_F(gateway_bad_input, a_token_that_is_wrong_used_or_very_long) {
  const std::string used = gateway.token();
  raw_peer owner = stranger();
  ASSERT_TRUE(owner.authenticate(used));
  for (const std::string& token : {std::string("wrong"), used, std::string(50'000, 'x'), std::string()}) {
    raw_peer peer = stranger();
    peer.send(handshake + auth(token));
    const auto refusal = peer.receive();
    ASSERT_TRUE(refusal);
    EXPECT_EQ(LBW_RESPONSE_UNAUTHENTICATED, refusal->status);
    expect_close(peer, LBW_CLOSE_AUTH_ERROR, "not that one");
  }
}

TEST_F(gateway_bad_input, a_session_that_never_was) {
  raw_peer peer = stranger();
  peer.send(handshake + packet("{\"type\": \"request\", \"cmd\": 3, \"request_id\": 1, \"control\": {\"session_id\": "
                               "\"00112233445566778899aabbccddeeff\"}}"));
  const auto refusal = peer.receive();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(3, refusal->cmd);
  EXPECT_EQ(LBW_RESPONSE_UNAUTHENTICATED, refusal->status);
  expect_close(peer, LBW_CLOSE_SESSION_EXPIRED);
}

TEST_F(gateway_bad_input, a_connection_that_ends_or_resets_at_any_byte_of_the_beginning) {
  const bytes whole = handshake + auth("unknown");
  for (size_t size = 0; size < whole.size(); ++size) {
    raw_peer peer = stranger();
    peer.send(bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)));
    if (size % 2 == 0) peer.reset();
  }
}

TEST_F(gateway_bad_input, every_single_bit_of_a_request_flipped) {
  // Whatever it turns into: an answer, a Close, or waiting for more; never a crash, never a hang for the others.
  const bytes whole = request(2, "bits");
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    raw_peer peer = member();
    bytes flipped = whole;
    flipped[bit / 8] = static_cast<uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
    peer.send(flipped);
    peer.shutdown_send();
    EXPECT_TRUE(peer.ended()) << bit;
  }
}

// ---- slow peers ----

TEST(gateway_slow_peer, one_that_never_finishes_its_auth_is_dropped_in_time) {
  gateway_end gateway("\"auth\": {\"timeout_ms\": 300}, \"stop\": {\"linger_ms\": 100}");
  gateway.start();
  raw_peer silent = raw_peer::to(gateway.address());
  raw_peer slow = raw_peer::to(gateway.address());
  const bytes whole = handshake + auth("a token that takes its time");
  // A byte at a time, until the gateway has had enough.
  pollfd waited{slow.fd(), POLLIN, 0};
  size_t sent = 0;
  for (; sent < whole.size() - 1; ++sent) {
    if (!slow.send({whole[sent]}) || ::poll(&waited, 1, 50) == 1) break;
  }
  for (raw_peer* peer : {&slow, &silent}) {
    const auto p = peer->receive();
    ASSERT_TRUE(p);
    EXPECT_NE(std::string::npos, p->json.find("AuthError")) << p->json;
    EXPECT_TRUE(peer->ended());
  }
  EXPECT_LT(sent, whole.size() - 1);
}

TEST(gateway_slow_peer, one_that_sends_a_byte_at_a_time_does_not_pass_for_alive) {
  gateway_end gateway("\"heartbeat\": {\"interval_ms\": 200, \"timeout_ms\": 200}, \"stop\": {\"linger_ms\": 100}");
  gateway.start();
  client_end bystander(gateway);
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  const bytes whole = request(2, std::string(1000, 'x'));
  bool dropped = false;
  for (size_t i = 0; i < whole.size() && !dropped; ++i) {
    pollfd waited{peer.fd(), POLLRDHUP, 0};
    if (!peer.send({whole[i]})) break;
    ::poll(&waited, 1, 20);
    dropped = (waited.revents & POLLRDHUP) != 0;
  }
  EXPECT_TRUE(dropped);
  const auto p = peer.receive_other();
  ASSERT_TRUE(p);
  EXPECT_NE(std::string::npos, p->json.find("HeartbeatTimeout")) << p->json;
  EXPECT_EQ("served", bystander.answer("served")->text);
}

TEST(gateway_slow_peer, one_that_reads_nothing_holds_only_so_much) {
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 65536}, \"heartbeat\": {\"interval_ms\": 0}");
  gateway.start();
  client_end bystander(gateway);
  ASSERT_TRUE(bystander.ready());
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  const uint64_t connection = gateway.connection(2);
  const std::string body(1000, 'x');
  lbw_status status = LBW_OK;
  for (int i = 0; i < 100'000 && status == LBW_OK; ++i) status = gateway.push(connection, body);
  EXPECT_STATUS(LBW_ERR_QUEUE_FULL, status);
  uint64_t sent = 0;
  EXPECT_STATUS(LBW_ERR_QUEUE_FULL, lbw_gateway_broadcast(gateway.handle, 101, body.data(), body.size(), &sent));
  EXPECT_EQ(1u, sent);
  EXPECT_TRUE(bystander.events.saw(is(LBW_EVENT_PUSH)));
}

TEST(gateway_slow_peer, one_that_asks_and_never_reads_is_not_read_any_more) {
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 65536}, \"heartbeat\": {\"interval_ms\": 0}");
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  // Heartbeats are echoed without asking for room, until the peer has to take what is its own.
  bytes burst;
  for (uint32_t i = 0; i < 64; ++i) burst = burst + request(i + 2, std::string(8000, 'h'), 1);
  size_t written = 0;
  pollfd waited{peer.fd(), POLLOUT, 0};
  while (::poll(&waited, 1, 500) == 1) {
    const ssize_t n = ::send(peer.fd(), burst.data() + written % burst.size(), burst.size() - written % burst.size(),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) written += static_cast<size_t>(n);
    ASSERT_LT(written, size_t{1} << 30) << "the gateway reads on and on";
  }
  EXPECT_EQ(1u, gateway.stats().connections);
}

}  // namespace
}  // namespace lbwire::e2e
