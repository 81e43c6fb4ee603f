// Queue delivery: the same events by poll, a descriptor to watch, and what happens when nobody polls.
#include <poll.h>

#include <array>
#include <cstring>
#include <thread>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

bool readable(int32_t fd, int timeout_ms = 0) {
  pollfd waited{fd, POLLIN, 0};
  return ::poll(&waited, 1, timeout_ms) == 1 && (waited.revents & POLLIN) != 0;
}

constexpr int long_ms = 30'000;

TEST(queue_delivery, the_same_events_in_the_same_order) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway, "\"delivery\": \"queue\"");
  ASSERT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
  EXPECT_EQ("connecting authenticating ready", client.events.states());
  uint64_t id = 0;
  ASSERT_OK(client.request("by queue", &id));
  const auto answer = client.poll_for(response_to(id));
  ASSERT_TRUE(answer);
  EXPECT_EQ("by queue", answer->text);
  EXPECT_EQ(&client, answer->event.response.user);
  EXPECT_OK(gateway.push(gateway.connection(), "pushed"));
  EXPECT_EQ("pushed", client.poll_for(is(LBW_EVENT_PUSH))->text);
  EXPECT_OK(lbw_gateway_close(gateway.handle, gateway.connection(), 1, "enough"));
  const auto close = client.poll_for(is(LBW_EVENT_CLOSE));
  EXPECT_EQ("enough", close->text);
  EXPECT_EQ("ServerError", close->second);
  EXPECT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
}

TEST(queue_delivery, handlers_do_not_go_with_it_and_poll_does_not_go_without) {
  client_end queued("127.0.0.1:1", "\"delivery\": \"queue\"");
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_on_push(queued.handle, nullptr, nullptr));
  const auto answered = [](lbw_client, const lbw_response_event*, void*) {};
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT,
                lbw_client_request(queued.handle, 10, nullptr, 0, 0, answered, nullptr, nullptr));
  client_end called("127.0.0.1:1");
  const lbw_event* e = nullptr;
  int32_t fd = 0;
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_poll(called.handle, &e, 0));
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_poll_fd(called.handle, &fd));
  EXPECT_EQ(-1, fd);
}

TEST(queue_delivery, the_descriptor_is_readable_exactly_while_events_wait) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\", \"delivery\": \"queue\"");
  int32_t fd = -1, same = -1;
  ASSERT_OK(lbw_client_poll_fd(client.handle, &fd));
  ASSERT_OK(lbw_client_poll_fd(client.handle, &same));
  EXPECT_EQ(fd, same);
  EXPECT_FALSE(readable(fd));
  client.connect();
  ASSERT_TRUE(readable(fd, long_ms));
  ASSERT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
  EXPECT_FALSE(readable(fd));
  const uint64_t connection = gateway.connection();
  for (size_t round = 0; round < 100 / scale + 1; ++round) {
    for (int i = 0; i < 3; ++i) EXPECT_OK(gateway.push(connection, "x"));
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(readable(fd, long_ms));
      const lbw_event* e = nullptr;
      ASSERT_OK(lbw_client_poll(client.handle, &e, 0));
      EXPECT_EQ(uint32_t{LBW_EVENT_PUSH}, e->header.type);
    }
    EXPECT_FALSE(readable(fd));
    const lbw_event* e = nullptr;
    EXPECT_STATUS(LBW_ERR_TIMEOUT, lbw_client_poll(client.handle, &e, 0));
    EXPECT_EQ(nullptr, e);
  }
}

TEST(queue_delivery, destroy_wakes_a_poll_without_end) {
  client_end client("127.0.0.1:1", "\"delivery\": \"queue\"");
  lbw_status woken = LBW_OK;
  std::thread polls([&] {
    const lbw_event* e = nullptr;
    woken = lbw_client_poll(client.handle, &e, -1);
  });
  // A second poll is refused once the first is inside.
  EXPECT_TRUE(eventually([&] {
    const lbw_event* e = nullptr;
    return lbw_client_poll(client.handle, &e, 0) == LBW_ERR_BUSY;
  }));
  EXPECT_OK(lbw_client_destroy(client.handle));
  polls.join();
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, woken);
  EXPECT_TRUE(client.released.wait());
}

// Pushes numbered bodies of 1000 bytes, waiting for room.
void push_numbered(gateway_end& gateway, uint64_t connection, uint64_t count) {
  std::array<char, 1000> body{};
  size_t refusals = 0;
  for (uint64_t i = 0; i < count; ++i) {
    std::memcpy(body.data(), &i, sizeof i);
    while (gateway.push(connection, {body.data(), body.size()}) == LBW_ERR_QUEUE_FULL)
      ASSERT_TRUE(gateway.events.saw(is(LBW_EVENT_WRITABLE), ++refusals));
  }
}

uint64_t number_of(const seen& s) {
  uint64_t number = 0;
  if (s.text.size() >= sizeof number) std::memcpy(&number, s.text.data(), sizeof number);
  return number;
}

TEST(queue_delivery, blocking_holds_the_gateway_back_and_loses_nothing) {
  constexpr uint64_t count = 100'000 / scale;
  gateway_end gateway("\"limits\": {\"max_send_queue_bytes\": 65536}");
  gateway.start();
  client_end client(gateway, "\"delivery\": \"queue\", \"limits\": {\"max_event_queue_bytes\": 65536}");
  ASSERT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
  const uint64_t connection = gateway.connection();
  // Nobody polls: the gateway's queue fills, behind the client's and the sockets'.
  const std::string filler(1000, 'f');
  uint64_t fillers = 0;
  while (gateway.push(connection, filler) == LBW_OK) ++fillers;
  std::thread pushes([&] { push_numbered(gateway, connection, count); });
  uint64_t received = 0, wrong = 0;
  while (received < fillers + count) {
    const lbw_event* e = nullptr;
    const lbw_status status = lbw_client_poll(client.handle, &e, long_ms);
    if (status != LBW_OK) {
      ADD_FAILURE() << name(status) << " after " << received;
      break;
    }
    if (e->header.type != LBW_EVENT_PUSH) continue;
    if (received >= fillers && number_of(copy(*e)) != received - fillers) ++wrong;
    ++received;
  }
  pushes.join();
  EXPECT_EQ(fillers + count, received);
  EXPECT_EQ(0u, wrong);
  EXPECT_EQ(0u, client.stats().pushes_dropped);
}

TEST(queue_delivery, dropping_the_oldest_accounts_for_every_push) {
  constexpr uint64_t count = 100'000 / scale;
  gateway_end gateway;
  gateway.start();
  client_end client(gateway,
                    "\"delivery\": \"queue\", \"overflow\": \"drop_oldest\", \"limits\": "
                    "{\"max_event_queue_bytes\": 65536}");
  ASSERT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
  push_numbered(gateway, gateway.connection(), count);
  EXPECT_TRUE(eventually([&] { return client.stats().pushes == count; }));
  EXPECT_OK(lbw_gateway_close(gateway.handle, gateway.connection(), 1, "the end"));
  uint64_t received = 0, dropped = 0, next = 0, wrong = 0;
  const auto last = client.poll_for([&](const seen& s) {
    if (s.type() == LBW_EVENT_DROPPED) {
      dropped += s.event.dropped.count;
      next += s.event.dropped.count;
    }
    if (s.type() == LBW_EVENT_PUSH) {
      ++received;
      if (number_of(s) != next++) ++wrong;
    }
    return s.type() == LBW_EVENT_CLOSE;
  });
  ASSERT_TRUE(last);  // no other event is ever dropped
  EXPECT_EQ(count, received + dropped);
  EXPECT_EQ(0u, wrong);
  EXPECT_GT(dropped, 0u);
  EXPECT_GT(received, 0u);
  EXPECT_EQ(dropped, client.stats().pushes_dropped);
}

TEST(queue_delivery, a_client_that_nobody_polls_does_not_look_dead_and_is_not_thought_dead) {
  gateway_end gateway("\"heartbeat\": {\"interval_ms\": 0}, \"limits\": {\"max_send_queue_bytes\": 65536}");
  gateway.start();
  client_end client(gateway,
                    "\"delivery\": \"queue\", \"limits\": {\"max_event_queue_bytes\": 4096}, "
                    "\"heartbeat\": {\"interval_ms\": 50, \"timeout_ms\": 50}");
  ASSERT_TRUE(client.poll_for(state_is(LBW_STATE_READY)));
  const uint64_t connection = gateway.connection();
  const std::string body(1000, 'x');
  uint64_t sent = 0;
  while (gateway.push(connection, body) == LBW_OK) ++sent;
  ::poll(nullptr, 0, 500);  // time in which nothing happens is what is tested
  uint64_t received = 0;
  EXPECT_TRUE(client.poll_for([&](const seen& s) { return s.type() == LBW_EVENT_PUSH && ++received == sent; }));
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(queue_delivery, a_gateway_is_polled_the_same_way) {
  gateway_end gateway("\"delivery\": \"queue\"");
  gateway.start();
  int32_t fd = -1;
  ASSERT_OK(lbw_gateway_poll_fd(gateway.handle, &fd));
  const auto poll_for = [&](uint32_t type) -> std::optional<seen> {
    for (;;) {
      const lbw_event* e = nullptr;
      if (!readable(fd, long_ms) || lbw_gateway_poll(gateway.handle, &e, 0) != LBW_OK) return std::nullopt;
      if (e->header.type == type) return copy(*e);
    }
  };
  client_end client(gateway.address(), "\"token\": \"to be decided\"");
  client.connect();
  const auto asked = poll_for(LBW_EVENT_AUTH);
  ASSERT_TRUE(asked);
  EXPECT_EQ("to be decided", asked->text);
  EXPECT_OK(lbw_gateway_accept(gateway.handle, asked->event.auth.connection));
  ASSERT_TRUE(poll_for(LBW_EVENT_SESSION));
  ASSERT_TRUE(client.ready());
  uint64_t id = 0;
  ASSERT_OK(client.request("polled", &id));
  const auto request = poll_for(LBW_EVENT_REQUEST);
  ASSERT_TRUE(request);
  EXPECT_OK(lbw_gateway_respond(gateway.handle, request->event.request.connection, request->event.request.request_id, 0,
                                request->text.data(), request->text.size()));
  EXPECT_EQ("polled", client.events.await(response_to(id))->text);
  EXPECT_OK(lbw_gateway_stop(gateway.handle));
  ASSERT_TRUE(poll_for(LBW_EVENT_CLOSE));
  ASSERT_TRUE(poll_for(LBW_EVENT_STOPPED));
  EXPECT_FALSE(readable(fd));
}

}  // namespace
}  // namespace lbwire::e2e
