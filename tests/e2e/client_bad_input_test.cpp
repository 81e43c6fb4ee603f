// What a gateway can send that it should not: the client reports it, comes back or fails as its table says.
#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

// One connection to a hand-written gateway, on which the client is ready.
class client_bad_input : public testing::Test {
 protected:
  void start(const std::string& more = "") {
    client.emplace(gateway.address(),
                   "\"token\": \"t\", \"limits\": {\"max_packet_bytes\": 65536, "
                   "\"max_inflated_bytes\": 1048576}" +
                       more);
    client->connect();
    peer.emplace(gateway.accept_ready());
    ASSERT_TRUE(client->ready());
  }
  // The client tells what it met with, and comes back with its session.
  void expect_protocol_error(const std::string& reason = "") {
    const auto close = client->events.await(is(LBW_EVENT_CLOSE));
    ASSERT_TRUE(close);
    EXPECT_EQ(LBW_CLOSE_UNPACK_ERROR, close->event.close.code);
    EXPECT_EQ(LBW_ORIGIN_LOCAL, close->event.close.origin);
    EXPECT_EQ(1, close->event.close.will_reconnect);
    EXPECT_NE(std::string::npos, close->text.find(reason)) << close->text;
    EXPECT_TRUE(client->events.saw(state_is(LBW_STATE_BACKING_OFF, LBW_CAUSE_PROTOCOL_ERROR)));
    EXPECT_TRUE(peer->ended());
    raw_peer next = gateway.accept();
    const auto first = next.first_packet();
    ASSERT_TRUE(first);
    EXPECT_EQ(3, first->cmd);
    next.admit(*first);
    EXPECT_TRUE(client->ready(2));
  }
  // The client is as it was, and answers a heartbeat.
  void expect_unmoved() {
    peer->send(request(7, "there?", 1));
    const auto echo = peer->receive();
    ASSERT_TRUE(echo);
    EXPECT_EQ("there?", echo->text());
    EXPECT_EQ(0u, client->events.count(is(LBW_EVENT_CLOSE)));
  }

  raw_gateway gateway;
  std::optional<client_end> client;
  std::optional<raw_peer> peer;
};

TEST_F(client_bad_input, an_unknown_type) {
  start();
  peer->send({0x00, 101, 0, 0, 0});
  expect_protocol_error();
}

TEST_F(client_bad_input, a_packet_over_the_limit_before_its_body_came) {
  start();
  peer->send({0x03, 101, 0xff, 0xff, 0xff});
  expect_protocol_error();
}

TEST_F(client_bad_input, a_truncated_packet_and_the_end_of_the_stream) {
  start();
  const bytes whole = push(101, body_of("truncated"));
  peer->send(bytes(whole.begin(), whole.end() - 1));
  peer->close();
  EXPECT_TRUE(client->events.saw(close_is(LBW_CLOSE_CONNECTION_LOST)));
  EXPECT_EQ(0u, client->events.count(is(LBW_EVENT_PUSH)));
}

TEST_F(client_bad_input, broken_gzip) {
  start();
  plain_packet p;
  p.type = LBW_PACKET_PUSH;
  p.gzip = true;
  p.body = body_of("this is no gzip");
  peer->send(encode(p));
  expect_protocol_error("compressed body");
}

TEST_F(client_bad_input, a_gzip_bomb) {
  start();
  const std::string zeros(size_t{4} * 2'000'000, '0');
  peer->send(packet("{\"type\": \"push\", \"cmd\": 101, \"gzip\": true, \"body_hex\": \"" + zeros + "\"}"));
  expect_protocol_error("compressed body");
}

TEST_F(client_bad_input, malformed_metadata) {
  client.emplace(gateway.address(), "\"token\": \"t\", \"protocol\": {\"version\": 2}");
  client->connect();
  raw_peer only = gateway.accept();
  EXPECT_EQ(handshake_v2, only.read(2));
  only.speak(2);
  ASSERT_TRUE(only.receive());
  plain_packet p;
  p.type = LBW_PACKET_PUSH;
  p.metadata = {0x80, 0x01, 'a', 1, 'b'};  // two bytes for a length of one
  only.send(encode(p, 2));
  const auto close = client->events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_UNPACK_ERROR, close->event.close.code);
  EXPECT_NE(std::string::npos, close->text.find("metadata")) << close->text;
}

TEST_F(client_bad_input, an_answer_to_auth_that_does_not_parse) {
  client.emplace(gateway.address(), "\"token\": \"t\"");
  client->connect();
  raw_peer only = gateway.accept();
  const auto first = only.first_packet();
  ASSERT_TRUE(first);
  only.send(response(2, first->request_id, {0x0a, 0x7f, 'x'}));
  const auto close = client->events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_UNPACK_ERROR, close->event.close.code);
  // The token is spent, there is no session, and nobody to ask.
  EXPECT_TRUE(client->events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE)));
}

TEST_F(client_bad_input, a_close_that_does_not_parse) {
  start();
  peer->send(push(0, {0x12, 0x7f, 'x'}));
  expect_protocol_error("Close");
}

TEST_F(client_bad_input, a_close_without_a_body_is_a_heartbeat_timeout) {
  start();
  peer->send(push(0, {}));
  const auto close = client->events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_HEARTBEAT_TIMEOUT, close->event.close.code);
  EXPECT_EQ(LBW_ORIGIN_PEER, close->event.close.origin);
}

TEST_F(client_bad_input, an_answer_to_nothing_that_was_asked_is_counted) {
  start();
  peer->send(response(10, 4711, body_of("unasked")) + response(1, 4712, {}) + response(2, 4713, {}));
  expect_unmoved();
  EXPECT_EQ(3u, client->stats().responses_unexpected);
  EXPECT_EQ(0u, client->stats().responses);
}

TEST_F(client_bad_input, a_request_of_the_gateway_s_is_refused) {
  start();
  peer->send(request(9, "do something", 10));
  const auto refusal = peer->receive();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(LBW_PACKET_RESPONSE, refusal->type);
  EXPECT_EQ(9u, refusal->request_id);
  EXPECT_EQ(LBW_RESPONSE_BAD_REQUEST, refusal->status);
  expect_unmoved();
}

TEST_F(client_bad_input, a_push_of_a_control_command_is_ignored) {
  start();
  peer->send(push(1, {}) + push(2, {}) + push(3, {}));
  expect_unmoved();
  EXPECT_TRUE(client->events.saw(is(LBW_EVENT_LOG), 3));
}

TEST_F(client_bad_input, reserved_bits_are_accepted) {
  start();
  bytes odd = push(101, body_of("odd"));
  odd[0] = static_cast<uint8_t>(odd[0] | 0xc0);
  peer->send(odd);
  const auto seen = client->events.await(is(LBW_EVENT_PUSH));
  ASSERT_TRUE(seen);
  EXPECT_EQ("odd", seen->text);
  expect_unmoved();
}

TEST_F(client_bad_input, an_error_body_that_does_not_parse_is_still_an_answer) {
  start();
  uint64_t id = 0;
  ASSERT_OK(client->request("x", &id));
  const auto asked = peer->receive();
  ASSERT_TRUE(asked);
  peer->send(response(10, asked->request_id, {0xff, 0xff}, LBW_RESPONSE_BAD_REQUEST));
  const auto answer = client->events.await(response_to(id));
  ASSERT_TRUE(answer);
  EXPECT_EQ(LBW_OK, answer->event.response.result);
  EXPECT_EQ(LBW_RESPONSE_BAD_REQUEST, answer->event.response.response_status);
  EXPECT_EQ(0u, answer->event.response.error_code);
  EXPECT_EQ("", answer->second);
  EXPECT_EQ(2u, answer->event.response.body_len);
}

TEST_F(client_bad_input, three_protocol_errors_in_a_row_are_a_failure) {
  client.emplace(gateway.address(), "\"token\": \"t\"");
  client->connect();
  for (int i = 0; i < 3; ++i) {
    raw_peer next = gateway.accept_ready();
    next.send({0x00, 0x00, 0x00, 0x00, 0x00});
    EXPECT_TRUE(next.ended());
  }
  EXPECT_TRUE(client->events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_PROTOCOL_ERROR)));
  EXPECT_EQ(3u, client->events.count(close_is(LBW_CLOSE_UNPACK_ERROR)));
  EXPECT_FALSE(gateway.somebody_waits());
}

TEST_F(client_bad_input, a_gateway_that_sends_a_byte_at_a_time_does_not_pass_for_alive) {
  start(", \"heartbeat\": {\"interval_ms\": 200, \"timeout_ms\": 200}");
  const bytes whole = push(101, bytes(1000, 'x'));
  for (size_t i = 0; i < whole.size(); ++i) {
    if (client->events.count(is(LBW_EVENT_CLOSE)) != 0 || !peer->send({whole[i]})) break;
    pollfd waited{peer->fd(), POLLRDHUP, 0};
    ::poll(&waited, 1, 20);
  }
  EXPECT_TRUE(client->events.saw(close_is(LBW_CLOSE_HEARTBEAT_TIMEOUT)));
  EXPECT_EQ(0u, client->events.count(is(LBW_EVENT_PUSH)));
}

TEST_F(client_bad_input, a_gateway_that_does_not_answer_auth) {
  client.emplace(gateway.address(), "\"token\": \"t\", \"auth\": {\"timeout_ms\": 200}");
  client->connect();
  raw_peer only = gateway.accept();
  const auto close = client->events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_AUTH_TIMEOUT, close->event.close.code);
  EXPECT_EQ(LBW_ORIGIN_LOCAL, close->event.close.origin);
  EXPECT_TRUE(client->events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE)));
}

TEST_F(client_bad_input, a_business_push_before_auth_is_answered_is_given_out_and_harms_nothing) {
  client.emplace(gateway.address(), "\"token\": \"t\"");
  client->connect();
  peer.emplace(gateway.accept());
  const auto first = peer->first_packet();
  ASSERT_TRUE(first);
  peer->send(push(101, body_of("early")));
  peer->admit(*first);
  ASSERT_TRUE(client->ready());
  expect_unmoved();
}

TEST_F(client_bad_input, every_single_bit_of_a_push_flipped) {
  client.emplace(gateway.address(),
                 "\"token\": \"t\", \"reconnect\": {\"initial_ms\": 0, \"max_ms\": 0, \"stable_ms\": "
                 "0}");
  client->connect();
  const bytes whole = push(101, body_of("bits"));
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    raw_peer next = gateway.accept_ready();
    bytes flipped = whole;
    flipped[bit / 8] = static_cast<uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
    next.send(flipped);
    next.shutdown_send();
    EXPECT_TRUE(next.ended()) << bit;
  }
  raw_peer last = gateway.accept_ready();
  last.send(push(101, body_of("the end")));
  EXPECT_TRUE(client->events.saw([](const seen& s) { return s.text == "the end"; }));
}

}  // namespace
}  // namespace lbwire::e2e
