// Requests of a client: each ends exactly once, by an answer or by what came between.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

constexpr size_t request_count = 200'000 / scale;

TEST(requests, many_with_64_in_flight_are_all_answered) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  struct flood {
    lbw_client client;
    std::atomic<size_t> asked{64}, answered{0}, wrong{0};
    latch done;
    static void next(lbw_client c, const lbw_response_event* e, void* user) {
      auto* self = static_cast<flood*>(user);
      if (e->result != LBW_OK || e->response_status != 0 || text_of(e->body, e->body_len) != "body") ++self->wrong;
      if (self->asked.fetch_add(1) < request_count) {
        if (lbw_client_request(c, 10, "body", 4, 60000, next, self, nullptr) != LBW_OK) ++self->wrong;
      }
      if (++self->answered == request_count) self->done.open();
    }
  } all{client.handle, {64}, {0}, {0}, {}};
  for (int i = 0; i < 64; ++i)
    ASSERT_OK(lbw_client_request(client.handle, 10, "body", 4, 60000, flood::next, &all, nullptr));
  ASSERT_TRUE(all.done.wait());
  EXPECT_EQ(request_count, all.answered);
  EXPECT_EQ(0u, all.wrong);
  const auto stats = client.stats();
  EXPECT_EQ(request_count, stats.requests);
  EXPECT_EQ(request_count, stats.responses);
  EXPECT_EQ(0u, stats.requests_in_flight);
  EXPECT_EQ(0u, stats.responses_unexpected);
  EXPECT_EQ(request_count, gateway.stats().requests);
}

TEST(requests, an_error_status_comes_with_its_error_body_taken_apart) {
  gateway_end gateway;
  const bytes error = {0x08, 0xb9, 0x0a, 0x12, 0x04, 'n', 'o', 'p', 'e'};  // Error{1337, "nope"}
  gateway.on_request = [&](const lbw_request_event& e) {
    return lbw_gateway_respond(gateway.handle, e.connection, e.request_id, LBW_RESPONSE_PERMISSION_DENIED, error.data(),
                               error.size());
  };
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  const auto answer = client.answer("may I", 16);
  ASSERT_TRUE(answer);
  EXPECT_EQ(LBW_OK, answer->event.response.result);
  EXPECT_EQ(LBW_RESPONSE_PERMISSION_DENIED, answer->event.response.response_status);
  EXPECT_EQ(1337u, answer->event.response.error_code);
  EXPECT_EQ("nope", answer->second);
  EXPECT_EQ(16, answer->event.response.cmd);
}

TEST(requests, a_gateway_that_does_not_answer_is_a_timeout_and_a_late_answer_is_only_counted) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\"");
  client.connect();
  raw_peer peer = gateway.accept_ready();
  ASSERT_TRUE(client.ready());
  const auto ended = client.answer("x", 10, 50);
  ASSERT_TRUE(ended);
  EXPECT_EQ(LBW_ERR_TIMEOUT, ended->event.response.result);
  EXPECT_EQ(0u, ended->event.response.body_len);
  const auto asked = peer.receive();
  ASSERT_TRUE(asked);
  EXPECT_EQ(50, asked->timeout_ms);
  peer.send(response(10, asked->request_id, body_of("late")));
  EXPECT_TRUE(eventually([&] { return client.stats().responses_unexpected == 1; }));
  EXPECT_EQ(1u, client.stats().requests_timed_out);
  EXPECT_EQ(1u, client.events.count(is(LBW_EVENT_RESPONSE)));
}

TEST(requests, a_host_that_does_not_answer_is_a_server_timeout_of_the_gateway_s) {
  gateway_end gateway("\"requests\": {\"timeout_ms\": 50}");
  gateway.on_request = [](const lbw_request_event&) { return 0; };
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  plain_packet p;
  p.request_id = 2;  // which names no time itself
  peer.send(encode(p));
  const auto answer = peer.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(2u, answer->request_id);
  EXPECT_EQ(LBW_RESPONSE_SERVER_TIMEOUT, answer->status);
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_respond(gateway.handle, gateway.connection(), 2, 0, nullptr, 0));
}

TEST(requests, a_cancelled_one_ends_once_and_its_answer_is_nobody_s) {
  gateway_end gateway;
  latch asked, cancelled;
  gateway.on_request = [&](const lbw_request_event& e) {
    asked.open();
    EXPECT_TRUE(cancelled.wait());
    return lbw_gateway_respond(gateway.handle, e.connection, e.request_id, 0, nullptr, 0);
  };
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  uint64_t id = 0;
  ASSERT_OK(client.request("x", &id));
  ASSERT_TRUE(asked.wait());
  EXPECT_OK(lbw_client_cancel(client.handle, id));
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_client_cancel(client.handle, id));
  cancelled.open();
  const auto ended = client.events.await(response_to(id));
  ASSERT_TRUE(ended);
  EXPECT_EQ(LBW_ERR_CANCELLED, ended->event.response.result);
  EXPECT_TRUE(eventually([&] { return client.stats().responses_unexpected == 1; }));
  EXPECT_EQ(1u, client.events.count(is(LBW_EVENT_RESPONSE)));
}

TEST(requests, those_in_flight_end_as_disconnected_when_the_connection_is_lost_and_as_cancelled_when_the_host_ends_it) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\"");
  client.connect();
  {
    raw_peer peer = gateway.accept_ready();
    ASSERT_TRUE(client.ready());
    for (int i = 0; i < 5; ++i) ASSERT_OK(client.request("x"));
    peer.reset();
  }
  ASSERT_TRUE(client.events.saw(is(LBW_EVENT_RESPONSE), 5));
  for (const seen& s : client.events.all()) {
    if (s.type() != LBW_EVENT_RESPONSE) continue;
    EXPECT_EQ(LBW_ERR_DISCONNECTED, s.event.response.result);
  }
  EXPECT_EQ(5u, client.events.await(is(LBW_EVENT_CLOSE))->event.close.requests_lost);
  raw_peer second = gateway.accept_ready();
  ASSERT_TRUE(client.ready(2));
  EXPECT_EQ(5u, client.events.await(is(LBW_EVENT_SESSION), 2)->event.session.requests_lost);
  uint64_t id = 0;
  ASSERT_OK(client.request("x", &id));
  EXPECT_OK(lbw_client_disconnect(client.handle));
  EXPECT_EQ(LBW_ERR_CANCELLED, client.events.await(response_to(id))->event.response.result);
  const auto stats = client.stats();
  EXPECT_EQ(6u, stats.requests);
  EXPECT_EQ(5u, stats.requests_lost);
  EXPECT_EQ(1u, stats.requests_cancelled);
}

TEST(requests, without_a_session_they_fail_or_wait_as_configured) {
  gateway_end gateway;
  gateway.start();
  client_end impatient(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  EXPECT_STATUS(LBW_ERR_NOT_READY, impatient.request("x"));

  client_end patient(gateway.address(),
                     "\"token\": \"" + gateway.token() + "\", \"requests\": {\"when_not_ready\": \"wait\"}");
  EXPECT_STATUS(LBW_ERR_NOT_READY, patient.request("x"));  // nobody asked it to connect
  patient.connect();
  const auto answer = patient.answer("waited");
  ASSERT_TRUE(answer);
  EXPECT_EQ(LBW_OK, answer->event.response.result);
  EXPECT_EQ("waited", answer->text);

  client_end hopeless("127.0.0.1:1", "\"token\": \"t\", \"requests\": {\"when_not_ready\": \"wait\"}");
  hopeless.connect();
  const auto late = hopeless.answer("x", 10, 50);
  ASSERT_TRUE(late);
  EXPECT_EQ(LBW_ERR_TIMEOUT, late->event.response.result);
}

TEST(requests, bodies_of_no_bytes_and_of_the_most_that_the_protocol_carries) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  const auto empty = client.answer("");
  ASSERT_TRUE(empty);
  EXPECT_EQ(0u, empty->event.response.body_len);
  std::string most(16'777'215, 'm');
  most.front() = 'a';
  const auto full = client.answer(most, 10, 60000);
  ASSERT_TRUE(full);
  EXPECT_EQ(LBW_OK, full->event.response.result);
  EXPECT_TRUE(most == full->text);
  most.push_back('!');
  EXPECT_STATUS(LBW_ERR_TOO_LARGE, client.request(most));
}

TEST(requests, bodies_are_compressed_both_ways_where_that_is_configured) {
  gateway_end gateway("\"requests\": {\"compress_from_bytes\": 1000}");
  gateway.start();
  client_end client(gateway, "\"requests\": {\"compress_from_bytes\": 1000}");
  ASSERT_TRUE(client.ready());
  const std::string body(1'000'000, 'c');
  const auto answer = client.answer(body);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(body == answer->text);
  const auto stats = client.stats();
  EXPECT_LT(stats.bytes_sent, 20'000u);
  EXPECT_LT(stats.bytes_received, 20'000u);
  EXPECT_EQ("short", client.answer("short")->text);
}

TEST(requests, answers_may_come_out_of_order_and_from_another_thread) {
  gateway_end gateway;
  struct asked {
    uint64_t connection;
    uint32_t id;
    std::string body;
  };
  std::mutex mutex;
  std::vector<asked> held;
  latch all_there;
  gateway.on_request = [&](const lbw_request_event& e) {
    const std::lock_guard lock(mutex);
    held.push_back({e.connection, e.request_id, text_of(e.body, e.body_len)});
    if (held.size() == 100) all_there.open();
    return 0;
  };
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  std::vector<uint64_t> ids(100);
  for (size_t i = 0; i < ids.size(); ++i) ASSERT_OK(client.request(std::to_string(i), &ids[i]));
  ASSERT_TRUE(all_there.wait());
  std::thread([&] {
    std::shuffle(held.begin(), held.end(), std::mt19937(5));
    for (const asked& a : held)
      EXPECT_OK(lbw_gateway_respond(gateway.handle, a.connection, a.id, 0, a.body.data(), a.body.size()));
  }).join();
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto answer = client.events.await(response_to(ids[i]));
    ASSERT_TRUE(answer);
    EXPECT_EQ(std::to_string(i), answer->text);
  }
}

TEST(requests, from_many_threads_on_one_client) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  constexpr size_t each = 5000 / scale;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (size_t i = 0; i < each; ++i) EXPECT_OK(client.request("t", nullptr, 10, 60000));
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_TRUE(client.events.saw(is(LBW_EVENT_RESPONSE), 8 * each));
  EXPECT_EQ(8 * each, client.events.count([](const seen& s) {
    return s.type() == LBW_EVENT_RESPONSE && s.event.response.result == LBW_OK;
  }));
}

TEST(requests, the_table_being_full_is_told_and_a_writable_event_ends_it) {
  gateway_end gateway;
  latch go_on;
  gateway.on_request = [&](const lbw_request_event& e) {
    EXPECT_TRUE(go_on.wait());
    return lbw_gateway_respond(gateway.handle, e.connection, e.request_id, 0, nullptr, 0);
  };
  gateway.start();
  client_end client(gateway, "\"requests\": {\"max_in_flight\": 4}");
  ASSERT_TRUE(client.ready());
  for (int i = 0; i < 4; ++i) ASSERT_OK(client.request("x"));
  EXPECT_STATUS(LBW_ERR_QUEUE_FULL, client.request("x"));
  EXPECT_EQ(4u, client.stats().requests_in_flight);
  go_on.open();
  ASSERT_TRUE(client.events.saw(is(LBW_EVENT_WRITABLE)));
  EXPECT_OK(client.request("x"));
  EXPECT_TRUE(client.events.saw(is(LBW_EVENT_RESPONSE), 5));
}

TEST(requests, a_gateway_that_does_not_read_fills_the_send_queue_and_a_writable_event_ends_it) {
  raw_gateway gateway;
  client_end client(gateway.address(),
                    "\"token\": \"t\", \"limits\": {\"max_send_queue_bytes\": 65536}, \"heartbeat\": {\"interval_ms\": "
                    "0}");
  client.connect();
  raw_peer peer = gateway.accept_ready();
  ASSERT_TRUE(client.ready());
  const std::string body(10'000, 'x');
  lbw_status status = LBW_OK;
  size_t sent = 0;
  for (; sent < 50'000; ++sent) {
    status = client.request(body, nullptr, 10, 60000);
    if (status != LBW_OK) break;
  }
  ASSERT_EQ(LBW_ERR_QUEUE_FULL, status);
  for (size_t i = 0; i < sent; ++i) ASSERT_TRUE(peer.receive()) << i;
  EXPECT_TRUE(client.events.saw(is(LBW_EVENT_WRITABLE)));
  EXPECT_OK(client.request(body));
}

}  // namespace
}  // namespace lbwire::e2e
