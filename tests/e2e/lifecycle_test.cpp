// Destroying: inside callbacks, from many threads, while connecting, in any order; on_released once, after the last
// event.
#include <atomic>
#include <thread>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

// A client of its own making, which counts what comes after it was released.
struct watched {
  explicit watched(const std::string& config) {
    EXPECT_OK(lbw_client_create(config.c_str(), &handle));
    EXPECT_OK(lbw_client_on_released(
        handle,
        [](void* user) {
          auto* self = static_cast<watched*>(user);
          if (self->times_released++ == 0) self->released.open();
        },
        this));
  }
  ~watched() { EXPECT_EQ(1, times_released); }
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;

  void note_event() {
    if (times_released != 0) ++events_after;
  }

  lbw_client handle = 0;
  latch released;
  std::atomic<int> times_released{0}, events_after{0};
};

std::string config_for(const gateway_end& gateway, const std::string& more = "") {
  return "{\"url\": \"tcp://" + gateway.address() + "\", \"token\": \"" + gateway.token() + "\"" + more + "}";
}

void destroy_at_state(int32_t at) {
  struct at_state : watched {
    at_state(const std::string& config, int32_t s) : watched(config), wanted(s) {}
    int32_t wanted;
  };
  gateway_end gateway;
  gateway.start();
  at_state client(config_for(gateway), at);
  EXPECT_OK(lbw_client_on_state(
      client.handle,
      [](lbw_client c, const lbw_state_event* e, void* user) {
        auto* self = static_cast<at_state*>(user);
        self->note_event();
        if (e->state != self->wanted) return;
        EXPECT_OK(lbw_client_destroy(c));
        EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_destroy(c));
        EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_connect(c));
      },
      &client));
  EXPECT_OK(lbw_client_connect(client.handle));
  EXPECT_TRUE(client.released.wait());
  EXPECT_EQ(0, client.events_after);
}

TEST(lifecycle, destroy_inside_a_state_callback) {
  for (const int32_t state : {LBW_STATE_CONNECTING, LBW_STATE_AUTHENTICATING, LBW_STATE_READY}) {
    SCOPED_TRACE(lbw_state_name(state));
    destroy_at_state(state);
  }
}

TEST(lifecycle, destroy_inside_a_push_callback_ends_the_pushes) {
  gateway_end gateway;
  gateway.start();
  std::atomic<int> pushes{0};
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  client.on_push = [&](const lbw_push_event&) {
    ++pushes;
    EXPECT_OK(lbw_client_destroy(client.handle));
  };
  client.connect();
  const uint64_t connection = gateway.connection();
  for (int i = 0; i < 1000 && gateway.push(connection, "x") == LBW_OK; ++i) {
  }
  EXPECT_TRUE(client.released.wait());
  EXPECT_EQ(1, pushes);
}

TEST(lifecycle, destroy_inside_a_response_callback_cancels_the_other_requests_before_released) {
  gateway_end gateway;
  gateway.on_request = [&](const lbw_request_event& e) {
    if (text_of(e.body, e.body_len) == "answer")
      lbw_gateway_respond(gateway.handle, e.connection, e.request_id, 0, nullptr, 0);
    return 0;
  };
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  client.on_response = [&](const lbw_response_event& e) {
    EXPECT_FALSE(client.released.is_open());
    if (e.result != LBW_OK) return;
    EXPECT_OK(lbw_client_destroy(client.handle));
  };
  client.connect();
  ASSERT_TRUE(client.ready());
  for (int i = 0; i < 10; ++i) EXPECT_OK(client.request("keep"));
  EXPECT_OK(client.request("answer"));
  EXPECT_TRUE(client.released.wait());
  EXPECT_EQ(11u, client.events.count(is(LBW_EVENT_RESPONSE)));
  EXPECT_EQ(10u, client.events.count([](const seen& s) {
    return s.type() == LBW_EVENT_RESPONSE && s.event.response.result == LBW_ERR_CANCELLED;
  }));
  const auto all = client.events.all();
  EXPECT_TRUE(state_is(LBW_STATE_CLOSED)(all.back())) << client.events.states();
}

TEST(lifecycle, released_comes_without_ever_connecting) {
  for (const char* delivery : {"callback", "queue"}) {
    watched client(std::string("{\"url\": \"tcp://127.0.0.1:1\", \"delivery\": \"") + delivery + "\"}");
    EXPECT_OK(lbw_client_destroy(client.handle));
    EXPECT_TRUE(client.released.wait());
  }
}

TEST(lifecycle, released_comes_while_connecting_while_the_peer_is_silent_and_while_backing_off) {
  raw_gateway silent;
  watched authenticating("{\"url\": \"tcp://" + silent.address() + "\", \"token\": \"t\"}");
  EXPECT_OK(lbw_client_connect(authenticating.handle));
  raw_peer peer = silent.accept();
  peer.first_packet();
  watched resolving("{\"url\": \"tcp://nonexistent.invalid:1\", \"token\": \"t\"}");
  EXPECT_OK(lbw_client_connect(resolving.handle));
  watched backing_off(
      "{\"url\": \"tcp://127.0.0.1:1\", \"token\": \"t\", \"reconnect\": {\"initial_ms\": 60000, "
      "\"max_ms\": 60000}}");
  EXPECT_OK(lbw_client_connect(backing_off.handle));
  for (watched* client : {&authenticating, &resolving, &backing_off}) {
    EXPECT_OK(lbw_client_destroy(client->handle));
    EXPECT_TRUE(client->released.wait());
  }
  EXPECT_TRUE(peer.ended());
}

TEST(lifecycle, released_comes_in_ready_with_either_delivery) {
  gateway_end gateway;
  gateway.start();
  for (const char* delivery : {"callback", "queue"}) {
    watched client(config_for(gateway, std::string(", \"delivery\": \"") + delivery + "\""));
    EXPECT_OK(lbw_client_connect(client.handle));
    EXPECT_TRUE(eventually([&] {
      int32_t state = 0;
      return lbw_client_state(client.handle, &state) == LBW_OK && state == LBW_STATE_READY;
    }));
    EXPECT_OK(lbw_client_destroy(client.handle));
    EXPECT_TRUE(client.released.wait());
  }
}

TEST(lifecycle, of_many_threads_that_destroy_exactly_one_succeeds) {
  gateway_end gateway;
  gateway.start();
  for (size_t round = 0; round < 50 / scale + 2; ++round) {
    watched client(config_for(gateway));
    EXPECT_OK(lbw_client_connect(client.handle));
    std::atomic<int> succeeded{0}, refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const lbw_status status = lbw_client_destroy(client.handle);
        if (status == LBW_OK) ++succeeded;
        if (status == LBW_ERR_INVALID_HANDLE) ++refused;
      });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(1, succeeded);
    EXPECT_EQ(7, refused);
    EXPECT_TRUE(client.released.wait());
  }
}

TEST(lifecycle, calls_from_many_threads_while_it_is_destroyed_succeed_or_are_refused) {
  gateway_end gateway;
  gateway.start();
  for (size_t round = 0; round < 20 / scale + 2; ++round) {
    client_end client(gateway);
    ASSERT_TRUE(client.ready());
    std::atomic<bool> go_on{true};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (go_on) {
          const lbw_status status = client.request("x");
          int32_t state = 0;
          lbw_client_state(client.handle, &state);
          lbw_client_set_token(client.handle, "t", 1);
          EXPECT_TRUE(status == LBW_OK || status == LBW_ERR_NOT_READY || status == LBW_ERR_QUEUE_FULL ||
                      status == LBW_ERR_INVALID_HANDLE)
              << status;
        }
      });
    }
    EXPECT_TRUE(client.events.saw(is(LBW_EVENT_RESPONSE), 20));
    EXPECT_OK(lbw_client_destroy(client.handle));
    EXPECT_TRUE(client.released.wait());
    go_on = false;
    for (auto& t : threads) t.join();
  }
}

TEST(lifecycle, gateways_and_clients_go_in_any_order) {
  {  // the gateway first, with clients that are ready
    auto gateway = std::make_unique<gateway_end>("\"stop\": {\"drain_ms\": 100, \"linger_ms\": 100}");
    gateway->start();
    client_end one(*gateway), two(*gateway);
    ASSERT_TRUE(one.ready());
    ASSERT_TRUE(two.ready());
    gateway.reset();
    EXPECT_TRUE(one.events.saw(close_is(LBW_CLOSE_SERVER_SHUTDOWN)));
    EXPECT_TRUE(two.events.saw(close_is(LBW_CLOSE_SERVER_SHUTDOWN)));
  }
  {  // both at once
    gateway_end gateway("\"stop\": {\"drain_ms\": 100, \"linger_ms\": 100}");
    gateway.start();
    client_end client(gateway);
    ASSERT_TRUE(client.ready());
    std::thread ends([&] { EXPECT_OK(lbw_gateway_destroy(gateway.handle)); });
    EXPECT_OK(lbw_client_destroy(client.handle));
    ends.join();
    EXPECT_TRUE(gateway.released.wait());
  }
}

TEST(lifecycle, a_gateway_may_go_inside_its_own_callbacks_and_without_start) {
  gateway_end never_started;
  EXPECT_OK(lbw_gateway_destroy(never_started.handle));
  EXPECT_TRUE(never_started.released.wait());

  gateway_end gateway("\"stop\": {\"drain_ms\": 100}");
  gateway.on_request = [&](const lbw_request_event&) {
    EXPECT_OK(lbw_gateway_destroy(gateway.handle));
    EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_destroy(gateway.handle));
    return 0;
  };
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  EXPECT_OK(client.request("go"));
  EXPECT_TRUE(gateway.released.wait());
  const auto all = gateway.events.all();
  EXPECT_EQ(uint32_t{LBW_EVENT_STOPPED}, all.back().type());
  EXPECT_EQ(1u, gateway.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(lifecycle, a_closed_client_connects_again_from_inside_its_callback) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
  bool again = false;
  client.on_state = [&](const lbw_state_event& e) {
    if (e.state == LBW_STATE_READY && !again) {
      again = true;
      EXPECT_OK(lbw_client_disconnect(client.handle));
      EXPECT_OK(lbw_client_connect(client.handle));
    }
  };
  client.connect();
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_READY, LBW_CAUSE_RECONNECTED)));
}

}  // namespace
}  // namespace lbwire::e2e
