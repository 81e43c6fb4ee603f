// Pushes: none is lost, none comes out of order, whoever is slow; and what happens when a send queue is full.
#include <array>
#include <atomic>
#include <cstring>
#include <thread>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

constexpr size_t push_count = 1'000'000 / scale;

// A body of 100 bytes that begins with its number.
struct numbered {
  std::array<char, 100> body{};
  std::string_view operator()(uint64_t number) {
    std::memcpy(body.data(), &number, sizeof number);
    return {body.data(), body.size()};
  }
};

uint64_t number_of(const lbw_push_event& e) {
  uint64_t number = 0;
  EXPECT_EQ(100u, e.body_len);
  std::memcpy(&number, e.body, sizeof number);
  return number;
}

// Pushes all, waiting for a writable event whenever there is no room.
void push_all(gateway_end& gateway, uint64_t connection, size_t count, size_t& refusals) {
  numbered body;
  refusals = 0;
  for (size_t i = 0; i < count; ++i) {
    lbw_status status = gateway.push(connection, body(i));
    if (status == LBW_ERR_QUEUE_FULL) {
      ASSERT_TRUE(gateway.events.saw(is(LBW_EVENT_WRITABLE), ++refusals)) << "at push " << i;
      status = gateway.push(connection, body(i));
    }
    ASSERT_OK(status);
  }
}

TEST(pushes, all_arrive_in_order_at_a_fast_consumer) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  uint64_t next = 0, wrong = 0;
  latch all;
  client.on_push = [&](const lbw_push_event& e) {
    if (number_of(e) != next) ++wrong;
    if (++next == push_count) all.open();
  };
  client.connect();
  size_t refusals = 0;
  push_all(gateway, gateway.connection(), push_count, refusals);
  ASSERT_TRUE(all.wait());
  EXPECT_EQ(0u, wrong);
  EXPECT_EQ(push_count, client.stats().pushes);
  EXPECT_EQ(push_count, gateway.stats().pushes);
}

TEST(pushes, all_arrive_in_order_at_a_slow_consumer) {
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 262144}");
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  uint64_t next = 0, wrong = 0;
  latch all;
  client.on_push = [&](const lbw_push_event& e) {
    if (number_of(e) != next) ++wrong;
    // Every now and then the consumer has something else to do.
    if (++next % (push_count / 20) == 0) ::poll(nullptr, 0, 20);
    if (next == push_count) all.open();
  };
  client.connect();
  size_t refusals = 0;
  push_all(gateway, gateway.connection(), push_count, refusals);
  ASSERT_TRUE(all.wait());
  EXPECT_EQ(0u, wrong);
  EXPECT_EQ(push_count, next);
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(pushes, a_consumer_that_stops_for_a_while_holds_the_gateway_back_and_a_writable_event_ends_it) {
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 65536}");
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  latch go_on;
  std::atomic<uint64_t> received{0};
  client.on_push = [&](const lbw_push_event&) {
    EXPECT_TRUE(go_on.wait());
    ++received;
  };
  client.connect();
  const uint64_t connection = gateway.connection();
  const std::string body(1000, 'x');
  uint64_t sent = 0;
  while (gateway.push(connection, body) == LBW_OK) ++sent;
  EXPECT_STATUS(LBW_ERR_QUEUE_FULL, gateway.push(connection, body));
  EXPECT_EQ(0u, gateway.events.count(is(LBW_EVENT_WRITABLE)));
  go_on.open();
  ASSERT_TRUE(gateway.events.saw(is(LBW_EVENT_WRITABLE)));
  EXPECT_OK(gateway.push(connection, body));
  EXPECT_TRUE(eventually([&] { return received == sent + 1; }));
  EXPECT_EQ(1u, gateway.events.count(is(LBW_EVENT_WRITABLE)));
}

TEST(pushes, bodies_of_no_bytes_and_of_the_most_that_the_protocol_carries) {
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 1024}");
  gateway.start();
  client_end client(gateway);
  const uint64_t connection = gateway.connection();
  EXPECT_OK(gateway.push(connection, ""));
  ASSERT_TRUE(client.events.saw(is(LBW_EVENT_PUSH), 1));
  std::string most(16'777'215, 'm');
  most.back() = 'z';
  // A packet of any size fits into an empty queue.
  EXPECT_TRUE(eventually([&] { return gateway.push(connection, most) == LBW_OK; }));
  const auto large = client.events.await(is(LBW_EVENT_PUSH), 2);
  ASSERT_TRUE(large);
  EXPECT_EQ(most, large->text);
  most.push_back('!');
  EXPECT_STATUS(LBW_ERR_TOO_LARGE, gateway.push(connection, most));
  EXPECT_STATUS(LBW_ERR_TOO_LARGE, lbw_gateway_broadcast(gateway.handle, 101, most.data(), most.size(), nullptr));
}

TEST(pushes, compressed_ones_arrive_as_they_were) {
  gateway_end gateway("\"requests\": {\"compress_from_bytes\": 100}");
  gateway.start();
  raw_peer raw = raw_peer::to(gateway.address());
  ASSERT_TRUE(raw.authenticate(gateway.token()));
  client_end client(gateway);
  gateway.connection(2);
  const std::string body(5000, 'c');
  uint64_t sent = 0;
  EXPECT_OK(lbw_gateway_broadcast(gateway.handle, 200, body.data(), body.size(), &sent));
  EXPECT_EQ(2u, sent);
  const auto seen = client.events.await(is(LBW_EVENT_PUSH));
  ASSERT_TRUE(seen);
  EXPECT_EQ(body, seen->text);
  EXPECT_EQ(200, seen->event.push.cmd);
  const auto on_the_wire = raw.receive();
  ASSERT_TRUE(on_the_wire);
  EXPECT_TRUE(on_the_wire->gzip);
  EXPECT_LT(on_the_wire->body.size(), 200u);
}

TEST(pushes, a_broadcast_reaches_every_authenticated_connection_and_no_other) {
  gateway_end gateway("\"threads\": 4");
  gateway.start();
  std::vector<std::unique_ptr<client_end>> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(std::make_unique<client_end>(gateway));
  ASSERT_NE(0u, gateway.connection(10));
  raw_peer stranger = raw_peer::to(gateway.address());
  EXPECT_TRUE(eventually([&] { return gateway.stats().connections == 11; }));
  uint64_t sent = 0;
  EXPECT_OK(lbw_gateway_broadcast(gateway.handle, 150, "all", 3, &sent));
  EXPECT_EQ(10u, sent);
  for (const auto& c : clients) {
    const auto seen = c->events.await(is(LBW_EVENT_PUSH));
    ASSERT_TRUE(seen);
    EXPECT_EQ("all", seen->text);
  }
  EXPECT_EQ(10u, gateway.stats().pushes);
}

TEST(pushes, from_inside_callbacks_and_from_many_threads) {
  gateway_end gateway;
  gateway.on_request = [&](const lbw_request_event& e) {
    for (int i = 0; i < 3; ++i) EXPECT_OK(gateway.push(e.connection, "inside"));
    return lbw_gateway_respond(gateway.handle, e.connection, e.request_id, 0, nullptr, 0);
  };
  gateway.start();
  client_end client(gateway);
  const uint64_t connection = gateway.connection();
  ASSERT_TRUE(client.ready());
  ASSERT_TRUE(client.answer("push me"));
  EXPECT_TRUE(client.events.saw(is(LBW_EVENT_PUSH), 3));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) EXPECT_OK(gateway.push(connection, "thread"));
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_TRUE(client.events.saw(is(LBW_EVENT_PUSH), 2003));
}

}  // namespace
}  // namespace lbwire::e2e
