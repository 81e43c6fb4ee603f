// Heartbeats both ways: their echoes, their round trips, and who counts as dead.
#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

auto heartbeat_from(int32_t origin) {
  return [origin](const seen& s) { return s.type() == LBW_EVENT_HEARTBEAT && s.event.heartbeat.origin == origin; };
}

TEST(heartbeats, both_ends_ask_and_answer_and_measure) {
  gateway_end gateway("\"heartbeat\": {\"interval_ms\": 30, \"timeout_ms\": 10000}");
  gateway.start();
  client_end client(gateway, "\"heartbeat\": {\"interval_ms\": 30, \"timeout_ms\": 10000}");
  const uint64_t connection = gateway.connection();
  for (recorder* events : {&client.events, &gateway.events}) {
    const auto asked = events->await(heartbeat_from(LBW_ORIGIN_LOCAL), 3);
    const auto answered = events->await(heartbeat_from(LBW_ORIGIN_PEER));
    ASSERT_TRUE(asked && answered);
    const lbw_heartbeat_event& e = asked->event.heartbeat;
    EXPECT_EQ(events == &gateway.events ? connection : 0, e.connection);
    EXPECT_NE(0u, e.request_id);
    EXPECT_GT(e.rtt_us, 0u);
    EXPECT_LE(e.rtt_min_us, e.rtt_us);
    EXPECT_GT(e.srtt_us, 0u);
    EXPECT_GT(e.rttvar_us, 0u);
    EXPECT_EQ(0u, answered->event.heartbeat.rtt_us);
  }
  const auto stats = client.stats();
  EXPECT_GE(stats.heartbeats_sent, stats.heartbeats_answered);
  EXPECT_GE(stats.heartbeats_answered, 3u);
  EXPECT_GE(stats.heartbeats_received, 1u);
  EXPECT_GT(stats.rtt_us, 0u);
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(heartbeats, a_body_is_echoed_byte_for_byte_whatever_it_holds) {
  const std::vector<bytes> bodies{{}, {0}, {0xff, 0x00, 0x80, 0x0a, 0x7f}, bytes(5000, 0xee)};
  gateway_end gateway;
  gateway.start();
  raw_peer to_gateway = raw_peer::to(gateway.address());
  ASSERT_TRUE(to_gateway.authenticate(gateway.token()));

  raw_gateway hand_written;
  client_end client(hand_written.address(), "\"token\": \"t\"");
  client.connect();
  raw_peer to_client = hand_written.accept_ready();

  for (raw_peer* peer : {&to_gateway, &to_client}) {
    uint32_t id = 4'000'000'000;
    for (const bytes& body : bodies) {
      plain_packet p;
      p.cmd = 1;
      p.request_id = ++id;
      p.body = body;
      peer->send(encode(p));
      const auto echo = peer->receive();
      ASSERT_TRUE(echo);
      EXPECT_EQ(LBW_PACKET_RESPONSE, echo->type);
      EXPECT_EQ(1, echo->cmd);
      EXPECT_EQ(0, echo->status);
      EXPECT_EQ(id, echo->request_id);
      EXPECT_EQ(body, echo->body);
    }
  }
  EXPECT_TRUE(gateway.events.saw(heartbeat_from(LBW_ORIGIN_PEER), bodies.size()));
  EXPECT_TRUE(client.events.saw(heartbeat_from(LBW_ORIGIN_PEER), bodies.size()));
}

TEST(heartbeats, the_gateway_drops_a_silent_client) {
  gateway_end gateway("\"heartbeat\": {\"interval_ms\": 50, \"timeout_ms\": 50}");
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  const auto asked = peer.receive();
  ASSERT_TRUE(asked);
  EXPECT_EQ(LBW_PACKET_REQUEST, asked->type);
  EXPECT_EQ(1, asked->cmd);
  const auto close = peer.receive();
  ASSERT_TRUE(close);
  EXPECT_NE(std::string::npos, close->json.find("HeartbeatTimeout")) << close->json;
  EXPECT_TRUE(peer.ended());
  EXPECT_TRUE(gateway.events.saw(close_is(LBW_CLOSE_HEARTBEAT_TIMEOUT)));
  EXPECT_EQ(1u, gateway.stats().closes[LBW_CLOSE_HEARTBEAT_TIMEOUT]);
}

TEST(heartbeats, the_client_leaves_a_silent_gateway_and_comes_back_with_its_session) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\", \"heartbeat\": {\"interval_ms\": 50, \"timeout_ms\": 50}");
  client.connect();
  raw_peer silent = gateway.accept_ready();
  const auto asked = silent.receive();
  ASSERT_TRUE(asked);
  EXPECT_EQ(1, asked->cmd);
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_HEARTBEAT_TIMEOUT, close->event.close.code);
  EXPECT_EQ(LBW_ORIGIN_LOCAL, close->event.close.origin);
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_BACKING_OFF, LBW_CAUSE_HEARTBEAT_TIMEOUT)));
  raw_peer next = gateway.accept();
  const auto first = next.first_packet();
  ASSERT_TRUE(first);
  EXPECT_EQ(3, first->cmd);
}

// The answer to our heartbeat comes while the host is busy, for longer than the answer may take.
TEST(heartbeats, a_host_that_is_slow_does_not_make_the_gateway_look_dead) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\", \"heartbeat\": {\"interval_ms\": 50, \"timeout_ms\": 400}");
  latch busy, answered;
  client.on_push = [&](const lbw_push_event&) {
    busy.open();
    EXPECT_TRUE(answered.wait());
    ::poll(nullptr, 0, 500);
  };
  client.connect();
  raw_peer peer = gateway.accept_ready();
  const auto asked = peer.receive();
  ASSERT_TRUE(asked);
  peer.send(push(101, {}));
  ASSERT_TRUE(busy.wait());
  peer.send(response(1, asked->request_id, asked->body));
  answered.open();
  EXPECT_TRUE(client.events.saw(
      [](const seen& s) { return heartbeat_from(LBW_ORIGIN_LOCAL)(s) || s.type() == LBW_EVENT_CLOSE; }));
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));
}

// The same at the other end.
TEST(heartbeats, a_host_that_is_slow_does_not_make_a_client_look_dead) {
  gateway_end gateway("\"heartbeat\": {\"interval_ms\": 50, \"timeout_ms\": 400}");
  latch busy, answered;
  gateway.on_request = [&](const lbw_request_event&) {
    busy.open();
    EXPECT_TRUE(answered.wait());
    ::poll(nullptr, 0, 500);
    return 0;
  };
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  const auto asked = peer.receive();
  ASSERT_TRUE(asked);
  peer.send(request(2, "takes long"));
  ASSERT_TRUE(busy.wait());
  peer.send(response(1, asked->request_id, asked->body));
  answered.open();
  EXPECT_TRUE(gateway.events.saw(
      [](const seen& s) { return heartbeat_from(LBW_ORIGIN_LOCAL)(s) || s.type() == LBW_EVENT_CLOSE; }));
  EXPECT_EQ(0u, gateway.events.count(is(LBW_EVENT_CLOSE)));
}

}  // namespace
}  // namespace lbwire::e2e
