// Both ends behind the C ABI, each with a recorder on every handler, destroyed and waited for by the destructor.
#pragma once

#include <gtest/gtest.h>
#include <lbwire/lbwire.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "recorder.h"

namespace lbwire::e2e {

// Fewer of everything under a sanitizer.
#ifdef LBWIRE_E2E_SCALE
constexpr size_t scale = LBWIRE_E2E_SCALE;
#else
constexpr size_t scale = 1;
#endif

inline std::string last_error() {
  char text[1024] = "";
  lbw_last_error(text, sizeof text, nullptr);
  return text;
}

inline std::string name(lbw_status status) {
  return lbw_status_name(status);
}

#define EXPECT_STATUS(expected, call) EXPECT_EQ(::lbwire::e2e::name(expected), ::lbwire::e2e::name(call))
#define EXPECT_OK(call) EXPECT_EQ("LBW_OK", ::lbwire::e2e::name(call)) << ::lbwire::e2e::last_error()
#define ASSERT_OK(call) ASSERT_EQ("LBW_OK", ::lbwire::e2e::name(call)) << ::lbwire::e2e::last_error()

// A text that a function fills in.
template <class Fill>
std::string text_from(Fill fill) {
  size_t size = 0;
  if (fill(nullptr, size_t{0}, &size) != LBW_ERR_BUFFER_TOO_SMALL) return {};
  std::string text(size + 1, '\0');
  if (fill(text.data(), text.size(), &size) != LBW_OK) return {};
  text.resize(size);
  return text;
}

class gateway_end {
 public:
  // `more` is JSON members besides "tcp".
  explicit gateway_end(const std::string& more = "", const std::string& listen = "127.0.0.1:0") {
    const std::string config = "{\"tcp\": \"" + listen + "\"" + (more.empty() ? "" : ", " + more) + "}";
    by_queue_ = config.find("\"queue\"") != std::string::npos;
    EXPECT_OK(lbw_gateway_create(config.c_str(), &handle));
    if (!by_queue_) set_handlers();
    EXPECT_OK(lbw_gateway_on_released(
        handle, [](void* user) { static_cast<gateway_end*>(user)->released.open(); }, this));
  }
  ~gateway_end() {
    lbw_gateway_destroy(handle);
    EXPECT_TRUE(released.wait());
  }
  gateway_end(const gateway_end&) = delete;
  gateway_end& operator=(const gateway_end&) = delete;

  gateway_end& start() {
    EXPECT_OK(lbw_gateway_start(handle));
    return *this;
  }
  std::string address() const {
    return text_from([this](char* b, size_t c, size_t* l) { return lbw_gateway_address(handle, b, c, l); });
  }
  std::string token() const {
    char text[64] = "";
    EXPECT_OK(lbw_gateway_issue_token(handle, text, sizeof text, nullptr));
    return text;
  }
  lbw_gateway_stats stats() const {
    lbw_gateway_stats s{};
    s.size = sizeof s;
    EXPECT_OK(lbw_gateway_get_stats(handle, &s));
    return s;
  }
  // The number of the nth connection that was authenticated.
  uint64_t connection(size_t nth = 1) {
    const auto s = events.await(is(LBW_EVENT_SESSION), nth);
    return s ? s->event.session.connection : 0;
  }
  lbw_status push(uint64_t to, std::string_view body, uint8_t cmd = 101) const {
    return lbw_gateway_push(handle, to, cmd, body.data(), body.size());
  }
  void stop_and_wait() {
    const size_t before = events.count(is(LBW_EVENT_STOPPED));
    EXPECT_OK(lbw_gateway_stop(handle));
    EXPECT_TRUE(events.saw(is(LBW_EVENT_STOPPED), before + 1));
  }

  lbw_gateway handle = 0;
  recorder events;
  latch released;
  // Before start. By default requests are answered by their own body; auth events are left unanswered.
  std::function<int32_t(const lbw_request_event&)> on_request;
  std::function<void(const lbw_auth_event&)> on_auth;

 private:
  template <class Event>
  static void record(lbw_gateway, const Event* e, void* user) {
    static_cast<gateway_end*>(user)->events.add(*e);
  }
  static void auth(lbw_gateway, const lbw_auth_event* e, void* user) {
    auto* self = static_cast<gateway_end*>(user);
    self->events.add(*e);
    if (self->on_auth) self->on_auth(*e);
  }
  static int32_t request(lbw_gateway g, const lbw_request_event* e, void* user) {
    auto* self = static_cast<gateway_end*>(user);
    if (self->on_request) return self->on_request(*e);
    EXPECT_OK(lbw_gateway_respond(g, e->connection, e->request_id, LBW_RESPONSE_SUCCESS, e->body, e->body_len));
    return 0;
  }
  void set_handlers() {
    EXPECT_OK(lbw_gateway_on_auth(handle, auth, this));
    EXPECT_OK(lbw_gateway_on_session(handle, record<lbw_session_event>, this));
    EXPECT_OK(lbw_gateway_on_close(handle, record<lbw_close_event>, this));
    EXPECT_OK(lbw_gateway_on_heartbeat(handle, record<lbw_heartbeat_event>, this));
    EXPECT_OK(lbw_gateway_on_request(handle, request, this));
    EXPECT_OK(lbw_gateway_on_writable(handle, record<lbw_writable_event>, this));
    EXPECT_OK(lbw_gateway_on_log(handle, record<lbw_log_event>, this));
    EXPECT_OK(lbw_gateway_on_stopped(handle, record<lbw_stopped_event>, this));
  }

  bool by_queue_ = false;
};

// The members that make a client come back quickly.
inline const char* const quickly = "\"reconnect\": {\"initial_ms\": 1, \"max_ms\": 10}";

class client_end {
 public:
  // `more` is JSON members besides "url". It comes back quickly, unless `more` says how.
  explicit client_end(const std::string& address, const std::string& more = "") {
    std::string config = "{\"url\": \"tcp://" + address + "\"";
    if (!more.empty()) config += ", " + more;
    if (more.find("\"reconnect\"") == std::string::npos) config += std::string(", ") + quickly;
    config += "}";
    by_queue_ = config.find("\"queue\"") != std::string::npos;
    EXPECT_OK(lbw_client_create(config.c_str(), &handle));
    if (!by_queue_) set_handlers();
    EXPECT_OK(lbw_client_on_released(
        handle, [](void* user) { static_cast<client_end*>(user)->released.open(); }, this));
  }
  // Connects with a token of this gateway's.
  client_end(const gateway_end& to, const std::string& more = "")
      : client_end(to.address(), "\"token\": \"" + to.token() + "\"" + (more.empty() ? "" : ", " + more)) {
    connect();
  }
  ~client_end() {
    lbw_client_destroy(handle);
    EXPECT_TRUE(released.wait());
  }
  client_end(const client_end&) = delete;
  client_end& operator=(const client_end&) = delete;

  client_end& connect() {
    EXPECT_OK(lbw_client_connect(handle));
    return *this;
  }
  [[nodiscard]] bool ready(size_t nth = 1) { return events.saw(state_is(LBW_STATE_READY), nth); }
  int32_t state() const {
    int32_t s = -1;
    EXPECT_OK(lbw_client_state(handle, &s));
    return s;
  }
  lbw_client_stats stats() const {
    lbw_client_stats s{};
    s.size = sizeof s;
    EXPECT_OK(lbw_client_get_stats(handle, &s));
    return s;
  }
  std::string session() const {
    return text_from([this](char* b, size_t c, size_t* l) { return lbw_client_export_session(handle, b, c, l); });
  }
  // The answer comes as a recorded event.
  lbw_status request(std::string_view body, uint64_t* request = nullptr, uint8_t cmd = 10, uint32_t timeout_ms = 0) {
    return lbw_client_request(handle, cmd, body.data(), body.size(), timeout_ms, by_queue_ ? nullptr : response, this,
                              request);
  }
  std::optional<seen> answer(std::string_view body, uint8_t cmd = 10, uint32_t timeout_ms = 0) {
    uint64_t id = 0;
    EXPECT_OK(request(body, &id, cmd, timeout_ms));
    return events.await(response_to(id));
  }

  // Queue delivery: polls into the recorder until `which` was polled, or nothing comes.
  template <class Which>
  std::optional<seen> poll_for(Which which) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      const lbw_event* e = nullptr;
      const lbw_status status = lbw_client_poll(handle, &e, 1000);
      if (status == LBW_ERR_TIMEOUT) continue;
      if (status != LBW_OK) return std::nullopt;
      seen s = copy(*e);
      events.add(s);
      if (which(s)) return s;
    }
    return std::nullopt;
  }

  lbw_client handle = 0;
  recorder events;
  latch released;
  // Before connect. What else a handler does.
  std::function<void(const lbw_token_event&)> on_token;
  std::function<void(const lbw_push_event&)> on_push;
  std::function<void(const lbw_state_event&)> on_state;
  std::function<void(const lbw_response_event&)> on_response;

 private:
  template <class Event>
  static void record(lbw_client, const Event* e, void* user) {
    static_cast<client_end*>(user)->events.add(*e);
  }
  template <class Event, std::function<void(const Event&)> client_end::*hook>
  static void record_and(lbw_client, const Event* e, void* user) {
    auto* self = static_cast<client_end*>(user);
    self->events.add(*e);
    if (self->*hook) (self->*hook)(*e);
  }
  // Pushes may be many: with a hook they are the test's alone.
  static void push(lbw_client, const lbw_push_event* e, void* user) {
    auto* self = static_cast<client_end*>(user);
    if (self->on_push)
      self->on_push(*e);
    else
      self->events.add(*e);
  }
  static void response(lbw_client c, const lbw_response_event* e, void* user) {
    record_and<lbw_response_event, &client_end::on_response>(c, e, user);
  }
  void set_handlers() {
    EXPECT_OK(lbw_client_on_state(handle, record_and<lbw_state_event, &client_end::on_state>, this));
    EXPECT_OK(lbw_client_on_session(handle, record<lbw_session_event>, this));
    EXPECT_OK(lbw_client_on_close(handle, record<lbw_close_event>, this));
    EXPECT_OK(lbw_client_on_heartbeat(handle, record<lbw_heartbeat_event>, this));
    EXPECT_OK(lbw_client_on_push(handle, push, this));
    EXPECT_OK(lbw_client_on_log(handle, record<lbw_log_event>, this));
    EXPECT_OK(lbw_client_on_writable(handle, record<lbw_writable_event>, this));
  }

 public:
  // Answers token events with what on_token does; without this call there is no token handler.
  client_end& with_token_handler() {
    EXPECT_OK(lbw_client_on_token(handle, record_and<lbw_token_event, &client_end::on_token>, this));
    return *this;
  }
  // Each token event is answered with a new token of this gateway's.
  client_end& with_tokens_of(gateway_end& g) {
    on_token = [this, &g](const lbw_token_event&) {
      const std::string fresh = g.token();
      EXPECT_OK(lbw_client_set_token(handle, fresh.data(), fresh.size()));
    };
    return with_token_handler();
  }

 private:
  bool by_queue_ = false;
};

}  // namespace lbwire::e2e
