// The C++17 wrapper: its lifetimes, its errors, and that nothing unwinds through native code.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <lbwire/lbwire.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;
constexpr auto patience = 30s;

static_assert(!std::is_copy_constructible_v<lbwire::client> && std::is_nothrow_move_constructible_v<lbwire::client>);
static_assert(!std::is_copy_assignable_v<lbwire::gateway> && std::is_nothrow_move_assignable_v<lbwire::gateway>);
static_assert(std::is_nothrow_copy_constructible_v<lbwire::error>);

// What a handler hands to the test once.
template <class T>
class box {
 public:
  void put(T value) {
    if (!full_.exchange(true)) promise_.set_value(std::move(value));
  }
  T take() {
    if (future_.wait_for(patience) != std::future_status::ready) throw std::runtime_error("nothing came");
    return future_.get();
  }

 private:
  std::atomic<bool> full_{false};
  std::promise<T> promise_;
  std::future<T> future_ = promise_.get_future();
};

std::string config_for(lbwire::gateway& gateway, const std::string& more = "") {
  return "{\"url\": \"tcp://" + gateway.address() + "\", \"token\": \"" + gateway.issue_token() + "\"" + more + "}";
}

const char* const any_port = "{\"tcp\": \"127.0.0.1:0\"}";

TEST(wrapper, a_session_from_end_to_end) {
  box<std::uint64_t> connection;
  lbwire::gateway gateway(any_port);
  gateway.on_session([&](const lbwire::session_event& e) { connection.put(e.connection); })
      .on_request([&](const lbwire::request_event& e) {
        EXPECT_EQ(5000ms, e.timeout);
        EXPECT_TRUE(gateway.respond(e, "echo: " + std::string(e.body.text())));
        EXPECT_FALSE(gateway.respond(e, "twice"));
      })
      .start();

  box<bool> ready;
  box<std::string> pushed, answered;
  lbwire::client client(config_for(gateway));
  client
      .on_state([&](const lbwire::state_event& e) {
        if (e.state == LBW_STATE_READY) ready.put(true);
      })
      .on_session([&](const lbwire::session_event& e) {
        EXPECT_EQ(gateway.address(), e.peer);
        EXPECT_GT(e.expires, std::chrono::system_clock::now());
      })
      .on_push([&](const lbwire::push_event& e) { pushed.put(std::string(e.body.text())); })
      .connect();
  EXPECT_TRUE(ready.take());
  EXPECT_EQ(LBW_STATE_READY, client.state());
  const auto number = client.request(
      10, "hello",
      [&](const lbwire::response_event& e) {
        EXPECT_TRUE(e.ok());
        answered.put(std::string(e.body.text()));
      },
      5s);
  EXPECT_EQ("echo: hello", answered.take());
  EXPECT_FALSE(client.cancel(number));
  gateway.push(connection.take(), 101, std::array<char, 3>{'a', 'b', 'c'});
  EXPECT_EQ("abc", pushed.take());
  EXPECT_EQ(1u, gateway.broadcast(102, std::vector<std::uint8_t>{1, 2}));
  EXPECT_EQ(1u, client.stats().responses);
  EXPECT_EQ(1u, gateway.stats().authenticated);
  EXPECT_NE(std::string::npos, gateway.sessions().find("\"authenticated\":true"));
  EXPECT_TRUE(client.export_session());
}

TEST(wrapper, an_error_has_the_status_and_the_detail) {
  try {
    lbwire::client client("{\"url\": \"tcp://h\", \"threads\": 0}");
    FAIL();
  } catch (const lbwire::error& e) {
    EXPECT_EQ(LBW_ERR_INVALID_CONFIG, e.status());
    EXPECT_EQ(0u, e.detail().find("threads"));
    EXPECT_EQ("LBW_ERR_INVALID_CONFIG: " + e.detail(), e.what());
  }
  lbwire::client client("{\"url\": \"tcp://127.0.0.1:1\"}");
  EXPECT_EQ(LBW_ERR_NOT_READY, client.try_request(10, "x", [](const lbwire::response_event&) {}));
  EXPECT_THROW(client.request(10, "x", [](const lbwire::response_event&) {}), lbwire::error);
  EXPECT_THROW(client.request(10, "x", {}, 61s), lbwire::error);
  EXPECT_EQ(std::nullopt, client.export_session());
}

TEST(wrapper, what_handlers_throw_is_reported_and_goes_no_further) {
  std::atomic<int> told_gateway{0};
  lbwire::gateway gateway(any_port);
  gateway.on_request([](const lbwire::request_event&) { throw std::runtime_error("request"); })
      .on_exception([&](const std::exception_ptr&) {
        ++told_gateway;
        throw 1;  // nor does this
      })
      .start();
  box<bool> ready;
  box<std::string> told, closed;
  lbwire::client client(config_for(gateway));
  client
      .on_state([&](const lbwire::state_event& e) {
        if (e.state == LBW_STATE_READY) ready.put(true);
        throw std::runtime_error("state");
      })
      .on_close([&](const lbwire::close_event& e) { closed.put(std::string(e.name)); })
      .on_exception([&](const std::exception_ptr& thrown) {
        try {
          std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
          told.put(e.what());
        }
      })
      .connect();
  EXPECT_TRUE(ready.take());
  EXPECT_EQ("state", told.take());
  box<lbw_status> ended;
  client.request(10, "x", [&](const lbwire::response_event& e) {
    ended.put(e.result);
    throw 2;
  });
  EXPECT_EQ(LBW_ERR_DISCONNECTED, ended.take());
  EXPECT_EQ("ServerError", closed.take());
  EXPECT_EQ(1, told_gateway);
}

TEST(wrapper, the_destructor_waits_for_the_last_event) {
  lbwire::gateway gateway(any_port);
  gateway.on_request([](const lbwire::request_event&) {}).start();  // answers nothing
  for (int i = 0; i < 20; ++i) {
    std::atomic<int> answers{0};
    box<bool> ready;
    {
      lbwire::client client(config_for(gateway));
      client.on_state([&](const lbwire::state_event& e) {
        if (e.state == LBW_STATE_READY) ready.put(true);
      });
      client.connect();
      ASSERT_TRUE(ready.take());
      for (int k = 0; k < 10; ++k) {
        client.request(10, "x", [&](const lbwire::response_event& e) {
          EXPECT_EQ(LBW_ERR_CANCELLED, e.result);
          ++answers;
        });
      }
    }
    EXPECT_EQ(10, answers);
  }
}

TEST(wrapper, it_may_be_destroyed_and_moved_inside_its_own_handler) {
  lbwire::gateway gateway(any_port);
  gateway.start();
  std::optional<lbwire::client> client(std::in_place, config_for(gateway));
  box<bool> gone;
  // The handler outlives its client: what it needs is its own.
  client->on_state([&](const lbwire::state_event& e) {
    if (e.state != LBW_STATE_READY) return;
    lbwire::client moved(std::move(*client));
    client.reset();
    moved.destroy();
    EXPECT_EQ(0u, moved.handle());
    gone.put(true);
  });
  client->connect();
  EXPECT_TRUE(gone.take());
}

TEST(wrapper, a_moved_client_goes_on_and_what_it_left_is_refused) {
  lbwire::gateway gateway(any_port);
  gateway.start();
  box<bool> ready;
  lbwire::client first(config_for(gateway));
  first.on_state([&](const lbwire::state_event& e) {
    if (e.state == LBW_STATE_READY) ready.put(true);
  });
  lbwire::client second(std::move(first));
  second.connect();
  EXPECT_TRUE(ready.take());
  EXPECT_EQ(0u, first.handle());
  EXPECT_THROW(first.connect(), lbwire::error);
  EXPECT_THROW(first.on_state({}), lbwire::error);
  lbwire::client third("{\"url\": \"tcp://127.0.0.1:1\"}");
  third = std::move(second);
  EXPECT_EQ(LBW_STATE_READY, third.state());
}

TEST(wrapper, handlers_are_refused_once_it_is_at_work) {
  lbwire::gateway gateway(any_port);
  gateway.start();
  EXPECT_THROW(gateway.on_log([](const lbwire::log_event&) {}), lbwire::error);
  lbwire::client client(config_for(gateway));
  client.connect();
  EXPECT_THROW(client.on_push([](const lbwire::push_event&) {}), lbwire::error);
}

TEST(wrapper, a_token_is_decided_on_and_asked_for) {
  lbwire::gateway gateway(any_port);
  gateway
      .on_auth([&](const lbwire::auth_event& e) {
        EXPECT_EQ("{}", e.metadata);
        EXPECT_TRUE(e.token == "good" ? gateway.accept(e.connection) : gateway.refuse(e.connection, "bad"));
        EXPECT_FALSE(gateway.accept(e.connection));
      })
      .start();
  lbwire::client client("{\"url\": \"tcp://" + gateway.address() + "\", \"token\": \"bad\"}");
  box<std::string> refused;
  box<bool> ready;
  client.on_token([&](const lbwire::token_event&) { client.set_token("good"); })
      .on_close([&](const lbwire::close_event& e) { refused.put(std::string(e.reason)); })
      .on_state([&](const lbwire::state_event& e) {
        if (e.state == LBW_STATE_READY) ready.put(true);
      })
      .connect();
  EXPECT_EQ("bad", refused.take());
  EXPECT_TRUE(ready.take());
}

TEST(wrapper, both_ends_by_queue) {
  lbwire::gateway gateway("{\"tcp\": \"127.0.0.1:0\", \"delivery\": \"queue\"}");
  gateway.start();
  lbwire::client client(config_for(gateway, ", \"delivery\": \"queue\""));
  EXPECT_EQ(std::nullopt, client.poll(0ms));
  EXPECT_GE(client.poll_fd(), 0);
  EXPECT_THROW(client.on_push({}), lbwire::error);
  client.connect();
  const auto next = [](auto& from, auto wanted) {
    using wanted_event = decltype(wanted);
    for (;;) {
      const auto e = from.poll(patience);
      if (!e) throw std::runtime_error("nothing came");
      if (const auto* found = std::get_if<wanted_event>(&*e)) return *found;
    }
  };
  EXPECT_EQ(LBW_SESSION_AUTH, next(client, lbwire::session_event{}).kind);
  EXPECT_EQ(LBW_STATE_READY, next(client, lbwire::state_event{}).state);
  const auto number = client.request(42, "queued");
  const auto request = next(gateway, lbwire::request_event{});
  EXPECT_EQ(42, request.cmd);
  EXPECT_TRUE(gateway.respond(request, request.body));
  const auto response = next(client, lbwire::response_event{});
  EXPECT_EQ(number, response.request);
  EXPECT_EQ("queued", response.body.text());
  EXPECT_TRUE(gateway.close(request.connection, LBW_CLOSE_SERVER_ERROR, "enough"));
  EXPECT_EQ("enough", next(client, lbwire::close_event{}).reason);
}

}  // namespace
