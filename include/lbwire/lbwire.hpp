// lbwire for C++17: a header-only wrapper over lbwire.h, which is the manual of what the library does. Conventions:
//
//   Errors    A call that fails throws lbwire::error with the status and the detail. Where a refusal is an everyday
//             matter there is a try_ form besides, which returns the status.
//   Lifetime  A client or gateway is an object that moves and is not copied. Its destructor gives the handle up and
//             waits for the last event, so that handlers may refer to what lives as long as the object. Inside a
//             handler it does not wait; nor does destroy(), for those who cannot: the handlers are kept until the
//             library is done with them. Do not destroy with a lock held that a handler takes.
//   Handlers  Any std::function, set before connect or start, and called on a thread of the library. What a handler
//             throws goes no further: on_exception is told, if it is set. An empty function takes a handler off.
//   Views     What an event points to, as std::string_view and bytes_view, is valid until the handler returns, or until
//             the next poll.
//   Time      Durations are std::chrono's, absolute times std::chrono::system_clock's.
#ifndef LBWIRE_LBWIRE_HPP
#define LBWIRE_LBWIRE_HPP

#include <lbwire/lbwire.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace lbwire {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using time_point = std::chrono::system_clock::time_point;

// ---- Errors -----------------------------------------------------------------------------------------------------

// A call that failed: what() is "LBW_ERR_...: detail".
class error : public std::runtime_error {
 public:
  error(lbw_status status, std::string detail)
      : std::runtime_error(std::string(lbw_status_name(status)) + (detail.empty() ? "" : ": ") + detail),
        status_(status),
        detail_(std::make_shared<const std::string>(std::move(detail))) {}

  lbw_status status() const noexcept { return status_; }
  const std::string& detail() const noexcept { return *detail_; }

 private:
  lbw_status status_;
  std::shared_ptr<const std::string> detail_;  // copies of an exception must not throw
};

// The detail of this thread's last failed call; "" if none.
inline std::string last_error() {
  std::size_t len = 0;
  lbw_last_error(nullptr, 0, &len);
  std::string text(len + 1, '\0');
  lbw_last_error(text.data(), text.size(), &len);
  text.resize(len);
  return text;
}

// Throws unless the status is LBW_OK.
inline void check(lbw_status status) {
  if (status != LBW_OK) throw error(status, last_error());
}

// ---- Views and events --------------------------------------------------------------------------------------------

// Bytes that belong to somebody else. Made from whatever holds bytes or characters: string, string_view, vector, array.
class bytes_view {
 public:
  constexpr bytes_view() noexcept = default;
  bytes_view(const void* data, std::size_t size) noexcept
      : data_(static_cast<const std::uint8_t*>(data)), size_(size) {}
  bytes_view(std::string_view text) noexcept : bytes_view(text.data(), text.size()) {}
  bytes_view(const std::string& text) noexcept : bytes_view(text.data(), text.size()) {}
  bytes_view(const char* text) noexcept : bytes_view(std::string_view(text)) {}
  template <class Container, class = std::enable_if_t<sizeof(*std::declval<const Container&>().data()) == 1 &&
                                                      !std::is_convertible_v<const Container&, std::string_view>>>
  bytes_view(const Container& c) noexcept : bytes_view(c.data(), c.size()) {}

  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const std::uint8_t* begin() const noexcept { return data_; }
  const std::uint8_t* end() const noexcept { return data_ + size_; }
  std::uint8_t operator[](std::size_t i) const noexcept { return data_[i]; }
  // The same as characters.
  std::string_view text() const noexcept {
    return size_ == 0 ? std::string_view()
                      : std::string_view(static_cast<const char*>(static_cast<const void*>(data_)), size_);
  }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// The events of lbwire.h, field by field; see there.

struct state_event {
  std::int32_t state, previous;  // LBW_STATE_*
  std::int32_t cause;            // LBW_CAUSE_*
  std::uint32_t attempt;
  milliseconds delay;
  std::string_view detail;
};

struct session_event {
  std::uint64_t connection;
  std::int32_t kind;  // LBW_SESSION_*
  std::uint32_t requests_lost;
  time_point expires;
  std::uint32_t limit, online;
  std::string_view session_id;  // a secret
  std::string_view peer;
};

struct close_event {
  std::uint64_t connection;
  std::int32_t code;    // LBW_CLOSE_*, or any other
  std::int32_t origin;  // LBW_ORIGIN_*
  bool will_reconnect;
  std::uint32_t requests_lost;
  std::string_view name, reason;
};

struct heartbeat_event {
  std::uint64_t connection;
  std::int32_t origin;  // LBW_ORIGIN_*
  std::uint32_t request_id;
  microseconds rtt, rtt_min, srtt, rttvar;
};

struct push_event {
  std::uint8_t cmd;
  bytes_view body;
};

struct response_event {
  std::uint64_t request;
  lbw_status result;  // LBW_OK: answered
  std::uint8_t cmd;
  std::uint8_t status;  // LBW_RESPONSE_*
  bytes_view body;
  std::uint64_t error_code;
  std::string_view error_msg;

  // Answered, and with success.
  bool ok() const noexcept { return result == LBW_OK && status == LBW_RESPONSE_SUCCESS; }
};

struct token_event {
  std::int32_t cause;  // LBW_CAUSE_*
};

struct log_event {
  std::int32_t level;  // LBW_LOG_*
  std::string_view message;
};

struct dropped_event {
  std::uint64_t count;
};

struct writable_event {
  std::uint64_t connection;
};

struct auth_event {
  std::uint64_t connection;
  std::string_view token;     // a secret
  std::string_view metadata;  // JSON
  std::string_view peer;
};

struct request_event {
  std::uint64_t connection;
  std::uint32_t request_id;
  milliseconds timeout;
  std::uint8_t cmd;
  bytes_view body;
};

struct stopped_event {};

// What poll gives: one of these; monostate is an event of a later library that this header does not know.
using event =
    std::variant<std::monostate, state_event, session_event, close_event, heartbeat_event, push_event, response_event,
                 token_event, log_event, dropped_event, writable_event, auth_event, request_event, stopped_event>;

namespace detail {

inline time_point from_unix_ms(std::int64_t ms) {
  return time_point(milliseconds(ms));
}
inline microseconds us(std::uint64_t count) {
  return microseconds(static_cast<std::int64_t>(count));
}

inline state_event view(const lbw_state_event& e) {
  return {e.state, e.previous, e.cause, e.attempt, milliseconds(e.delay_ms), {e.detail, e.detail_len}};
}
inline session_event view(const lbw_session_event& e) {
  return {e.connection,
          e.kind,
          e.requests_lost,
          from_unix_ms(e.expires_ms),
          e.limit,
          e.online,
          {e.session_id, e.session_id_len},
          {e.peer, e.peer_len}};
}
inline close_event view(const lbw_close_event& e) {
  return {e.connection,
          e.code,
          e.origin,
          e.will_reconnect != 0,
          e.requests_lost,
          {e.name, e.name_len},
          {e.reason, e.reason_len}};
}
inline heartbeat_event view(const lbw_heartbeat_event& e) {
  return {e.connection, e.origin, e.request_id, us(e.rtt_us), us(e.rtt_min_us), us(e.srtt_us), us(e.rttvar_us)};
}
inline push_event view(const lbw_push_event& e) {
  return {e.cmd, {e.body, e.body_len}};
}
inline response_event view(const lbw_response_event& e) {
  return {e.request,
          e.result,
          e.cmd,
          e.response_status,
          {e.body, e.body_len},
          e.error_code,
          {e.error_msg, e.error_msg_len}};
}
inline token_event view(const lbw_token_event& e) {
  return {e.cause};
}
inline log_event view(const lbw_log_event& e) {
  return {e.level, {e.message, e.message_len}};
}
inline dropped_event view(const lbw_dropped_event& e) {
  return {e.count};
}
inline writable_event view(const lbw_writable_event& e) {
  return {e.connection};
}
inline auth_event view(const lbw_auth_event& e) {
  return {e.connection, {e.token, e.token_len}, {e.metadata, e.metadata_len}, {e.peer, e.peer_len}};
}
inline request_event view(const lbw_request_event& e) {
  return {e.connection, e.request_id, milliseconds(e.timeout_ms), e.cmd, {e.body, e.body_len}};
}
inline stopped_event view(const lbw_stopped_event&) {
  return {};
}

inline event view(const lbw_event& e) {
  switch (e.header.type) {
    case LBW_EVENT_STATE: return view(e.state);
    case LBW_EVENT_SESSION: return view(e.session);
    case LBW_EVENT_CLOSE: return view(e.close);
    case LBW_EVENT_HEARTBEAT: return view(e.heartbeat);
    case LBW_EVENT_PUSH: return view(e.push);
    case LBW_EVENT_RESPONSE: return view(e.response);
    case LBW_EVENT_TOKEN: return view(e.token);
    case LBW_EVENT_LOG: return view(e.log);
    case LBW_EVENT_DROPPED: return view(e.dropped);
    case LBW_EVENT_WRITABLE: return view(e.writable);
    case LBW_EVENT_AUTH: return view(e.auth);
    case LBW_EVENT_REQUEST: return view(e.request);
    case LBW_EVENT_STOPPED: return view(e.stopped);
    default: return std::monostate{};
  }
}

// How many handlers this thread is inside of.
inline int& depth() noexcept {
  thread_local int handlers_entered = 0;
  return handlers_entered;
}

// What native code calls into: the handlers, kept until the library has let go of them.
class callbacks {
 public:
  // Runs a handler, and keeps what it throws from native code. False if it threw.
  template <class Handler>
  bool run(Handler&& handler) noexcept {
    ++depth();
    bool returned = false;
    try {
      handler();
      returned = true;
    } catch (...) {
      try {
        if (on_exception) on_exception(std::current_exception());
      } catch (...) {  // there is nobody left to tell
      }
    }
    --depth();
    return returned;
  }

  void released() noexcept {
    const std::lock_guard<std::mutex> held(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  void wait_until_released() noexcept {
    std::unique_lock<std::mutex> held(mutex_);
    changed_.wait(held, [this] { return released_; });
  }

  std::function<void(std::exception_ptr)> on_exception;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
};

// A handle, and the handlers that go with it.
template <class Callbacks>
class owner {
 public:
  using destroy_fn = lbw_status (*)(std::uint64_t);
  using on_released_fn = lbw_status (*)(std::uint64_t, lbw_released_fn, void*);

  owner(std::uint64_t handle, destroy_fn destroy_handle, on_released_fn on_released)
      : handle_(handle), destroy_(destroy_handle), callbacks_(std::make_shared<Callbacks>()) {
    // The library's own share in the handlers.
    auto share = std::make_unique<std::shared_ptr<Callbacks>>(callbacks_);
    const lbw_status status = on_released(
        handle,
        [](void* user) {
          const std::unique_ptr<std::shared_ptr<Callbacks>> last(static_cast<std::shared_ptr<Callbacks>*>(user));
          (*last)->released();
        },
        share.get());
    if (status != LBW_OK) {
      const error refused(status, last_error());
      destroy_handle(handle);
      throw refused;
    }
    share.release();
  }
  owner(owner&& other) noexcept
      : handle_(std::exchange(other.handle_, 0)), destroy_(other.destroy_), callbacks_(std::move(other.callbacks_)) {}
  owner& operator=(owner&& other) noexcept {
    if (this != &other) {
      finish();
      handle_ = std::exchange(other.handle_, 0);
      callbacks_ = std::move(other.callbacks_);
    }
    return *this;
  }
  ~owner() { finish(); }

  std::uint64_t handle() const noexcept { return handle_; }
  Callbacks& callbacks_of() const {
    if (!callbacks_) throw error(LBW_ERR_INVALID_HANDLE, "moved from, or destroyed");
    return *callbacks_;
  }
  const std::shared_ptr<Callbacks>& shared() const noexcept { return callbacks_; }

  lbw_status destroy() noexcept {
    callbacks_.reset();
    return destroy_(std::exchange(handle_, 0));
  }

 private:
  void finish() noexcept {
    if (handle_ == 0) return;
    const std::shared_ptr<Callbacks> kept = callbacks_;
    if (destroy() == LBW_OK && depth() == 0) kept->wait_until_released();
  }

  std::uint64_t handle_;
  destroy_fn destroy_;
  std::shared_ptr<Callbacks> callbacks_;
};

// Text that a function of the library fills in.
template <class Fill>
std::string text_from(Fill fill) {
  std::string text(128, '\0');
  for (;;) {
    std::size_t len = 0;
    const lbw_status status = fill(text.data(), text.size(), &len);
    if (status != LBW_ERR_BUFFER_TOO_SMALL) {
      check(status);
      text.resize(len);
      return text;
    }
    text.resize(len + 1);  // it may have grown meanwhile: once more
  }
}

inline std::uint32_t timeout_ms(milliseconds timeout) {
  if (timeout.count() < 0 || timeout.count() > 60000)
    throw error(LBW_ERR_INVALID_ARGUMENT, "a timeout is 0 to 60000 ms");
  return static_cast<std::uint32_t>(timeout.count());
}

// For poll: below 0 is without end.
inline std::int32_t poll_ms(milliseconds timeout) {
  if (timeout.count() < 0) return -1;
  return timeout.count() > INT32_MAX ? INT32_MAX : static_cast<std::int32_t>(timeout.count());
}

// The function that native code calls for a handler; `user` are the callbacks that it is a member of.
template <class Callbacks, class Raw, class View, std::function<void(const View&)> Callbacks::*member>
void trampoline(std::uint64_t, const Raw* e, void* user) noexcept {
  auto* self = static_cast<Callbacks*>(user);
  self->run([&] { (self->*member)(view(*e)); });
}

}  // namespace detail

// ---- Client ------------------------------------------------------------------------------------------------------

class client {
 public:
  template <class Event>
  using handler = std::function<void(const Event&)>;

  // In state IDLE, from the JSON configuration that lbw_client_create takes.
  explicit client(const std::string& config_json)
      : owner_(create(config_json), lbw_client_destroy, lbw_client_on_released) {}

  // For lbw_client_* themselves; 0 if moved from or destroyed.
  lbw_client handle() const noexcept { return owner_.handle(); }

  // ---- handlers, before connect ----

  client& on_state(handler<state_event> fn) {
    return set<lbw_state_event, state_event, &handlers::on_state>(lbw_client_on_state, std::move(fn));
  }
  client& on_session(handler<session_event> fn) {
    return set<lbw_session_event, session_event, &handlers::on_session>(lbw_client_on_session, std::move(fn));
  }
  client& on_close(handler<close_event> fn) {
    return set<lbw_close_event, close_event, &handlers::on_close>(lbw_client_on_close, std::move(fn));
  }
  client& on_heartbeat(handler<heartbeat_event> fn) {
    return set<lbw_heartbeat_event, heartbeat_event, &handlers::on_heartbeat>(lbw_client_on_heartbeat, std::move(fn));
  }
  client& on_push(handler<push_event> fn) {
    return set<lbw_push_event, push_event, &handlers::on_push>(lbw_client_on_push, std::move(fn));
  }
  client& on_token(handler<token_event> fn) {
    return set<lbw_token_event, token_event, &handlers::on_token>(lbw_client_on_token, std::move(fn));
  }
  client& on_log(handler<log_event> fn) {
    return set<lbw_log_event, log_event, &handlers::on_log>(lbw_client_on_log, std::move(fn));
  }
  client& on_writable(handler<writable_event> fn) {
    return set<lbw_writable_event, writable_event, &handlers::on_writable>(lbw_client_on_writable, std::move(fn));
  }
  // Told what the other handlers throw, those of requests included, on the thread that they were called on.
  client& on_exception(std::function<void(std::exception_ptr)> fn) {
    owner_.callbacks_of().on_exception = std::move(fn);
    return *this;
  }

  // ---- life ----

  void connect() { check(lbw_client_connect(handle())); }
  void disconnect() { check(lbw_client_disconnect(handle())); }
  // Gives the handle up without waiting for the last event.
  void destroy() { check(owner_.destroy()); }
  void set_token(std::string_view token) { check(lbw_client_set_token(handle(), token.data(), token.size())); }

  std::int32_t state() const {
    std::int32_t now = 0;
    check(lbw_client_state(handle(), &now));
    return now;
  }
  // JSON, a secret. Nothing if there is no session.
  std::optional<std::string> export_session() const {
    try {
      return detail::text_from([this](char* buf, std::size_t cap, std::size_t* len) {
        return lbw_client_export_session(handle(), buf, cap, len);
      });
    } catch (const error& e) {
      if (e.status() == LBW_ERR_NOT_FOUND) return std::nullopt;
      throw;
    }
  }
  lbw_client_stats stats() const {
    lbw_client_stats out{};
    out.size = sizeof out;
    check(lbw_client_get_stats(handle(), &out));
    return out;
  }

  // ---- requests ----

  // Sends a request; on_response is called once with how it ended. Timeout 0: as configured. With queue delivery
  // on_response is empty, and the response comes by poll. Returns the request's number.
  std::uint64_t request(std::uint8_t cmd, bytes_view body, handler<response_event> on_response = {},
                        milliseconds timeout = milliseconds(0)) {
    std::uint64_t number = 0;
    check(try_request(cmd, body, std::move(on_response), timeout, &number));
    return number;
  }
  // The same, as a status: LBW_ERR_NOT_READY and LBW_ERR_QUEUE_FULL may be nothing special.
  lbw_status try_request(std::uint8_t cmd, bytes_view body, handler<response_event> on_response = {},
                         milliseconds timeout = milliseconds(0), std::uint64_t* number = nullptr) {
    const std::uint32_t ms = detail::timeout_ms(timeout);
    if (!on_response) return lbw_client_request(handle(), cmd, body.data(), body.size(), ms, nullptr, nullptr, number);
    auto waiting = std::make_unique<completion>(completion{owner_.shared(), std::move(on_response)});
    const lbw_status status =
        lbw_client_request(handle(), cmd, body.data(), body.size(), ms, responded, waiting.get(), number);
    if (status == LBW_OK) waiting.release();  // responded() has it
    return status;
  }
  // False if it has ended already.
  bool cancel(std::uint64_t request) {
    const lbw_status status = lbw_client_cancel(handle(), request);
    if (status == LBW_ERR_NOT_FOUND) return false;
    check(status);
    return true;
  }

  // ---- queue delivery ----

  // The next event, or nothing in time. Below 0: waits without end.
  std::optional<event> poll(milliseconds timeout) {
    const lbw_event* next = nullptr;
    const lbw_status status = lbw_client_poll(handle(), &next, detail::poll_ms(timeout));
    if (status == LBW_ERR_TIMEOUT) return std::nullopt;
    check(status);
    return detail::view(*next);
  }
  std::int32_t poll_fd() {
    std::int32_t fd = -1;
    check(lbw_client_poll_fd(handle(), &fd));
    return fd;
  }

 private:
  struct handlers : detail::callbacks {
    handler<state_event> on_state;
    handler<session_event> on_session;
    handler<close_event> on_close;
    handler<heartbeat_event> on_heartbeat;
    handler<push_event> on_push;
    handler<token_event> on_token;
    handler<log_event> on_log;
    handler<writable_event> on_writable;
  };
  struct completion {
    std::shared_ptr<handlers> callbacks;
    handler<response_event> on_response;
  };

  static lbw_client create(const std::string& config_json) {
    lbw_client created = 0;
    check(lbw_client_create(config_json.c_str(), &created));
    return created;
  }
  static void responded(lbw_client, const lbw_response_event* e, void* user) noexcept {
    const std::unique_ptr<completion> waiting(static_cast<completion*>(user));
    waiting->callbacks->run([&] { waiting->on_response(detail::view(*e)); });
  }
  // The library first: once it has started it refuses, and the handler that it may be calling is left alone.
  template <class Raw, class View, handler<View> handlers::*member>
  client& set(lbw_status (*setter)(lbw_client, void (*)(lbw_client, const Raw*, void*), void*), handler<View> fn) {
    handlers& all = owner_.callbacks_of();
    check(setter(handle(), fn ? detail::trampoline<handlers, Raw, View, member> : nullptr, &all));
    all.*member = std::move(fn);
    return *this;
  }

  detail::owner<handlers> owner_;
};

// ---- Gateway -----------------------------------------------------------------------------------------------------

class gateway {
 public:
  template <class Event>
  using handler = std::function<void(const Event&)>;

  // Not listening yet, from the JSON configuration that lbw_gateway_create takes.
  explicit gateway(const std::string& config_json)
      : owner_(create(config_json), lbw_gateway_destroy, lbw_gateway_on_released) {}

  lbw_gateway handle() const noexcept { return owner_.handle(); }

  // ---- handlers, before start ----

  gateway& on_auth(handler<auth_event> fn) {
    return set<lbw_auth_event, auth_event, &handlers::on_auth>(lbw_gateway_on_auth, std::move(fn));
  }
  gateway& on_session(handler<session_event> fn) {
    return set<lbw_session_event, session_event, &handlers::on_session>(lbw_gateway_on_session, std::move(fn));
  }
  gateway& on_close(handler<close_event> fn) {
    return set<lbw_close_event, close_event, &handlers::on_close>(lbw_gateway_on_close, std::move(fn));
  }
  gateway& on_heartbeat(handler<heartbeat_event> fn) {
    return set<lbw_heartbeat_event, heartbeat_event, &handlers::on_heartbeat>(lbw_gateway_on_heartbeat, std::move(fn));
  }
  gateway& on_writable(handler<writable_event> fn) {
    return set<lbw_writable_event, writable_event, &handlers::on_writable>(lbw_gateway_on_writable, std::move(fn));
  }
  gateway& on_log(handler<log_event> fn) {
    return set<lbw_log_event, log_event, &handlers::on_log>(lbw_gateway_on_log, std::move(fn));
  }
  gateway& on_stopped(handler<stopped_event> fn) {
    return set<lbw_stopped_event, stopped_event, &handlers::on_stopped>(lbw_gateway_on_stopped, std::move(fn));
  }
  // Answered by respond, now or later. If the handler throws, the connection is closed as ServerError.
  gateway& on_request(handler<request_event> fn) {
    handlers& all = owner_.callbacks_of();
    check(lbw_gateway_on_request(handle(), fn ? requested : nullptr, &all));
    all.on_request = std::move(fn);
    return *this;
  }
  gateway& on_exception(std::function<void(std::exception_ptr)> fn) {
    owner_.callbacks_of().on_exception = std::move(fn);
    return *this;
  }

  // ---- life ----

  void start() { check(lbw_gateway_start(handle())); }
  void stop() { check(lbw_gateway_stop(handle())); }
  // Gives the handle up without waiting for the last event.
  void destroy() { check(owner_.destroy()); }
  // "127.0.0.1:40123"
  std::string address() const {
    return detail::text_from(
        [this](char* buf, std::size_t cap, std::size_t* len) { return lbw_gateway_address(handle(), buf, cap, len); });
  }
  // The open connections, as JSON.
  std::string sessions() const {
    return detail::text_from(
        [this](char* buf, std::size_t cap, std::size_t* len) { return lbw_gateway_sessions(handle(), buf, cap, len); });
  }
  lbw_gateway_stats stats() const {
    lbw_gateway_stats out{};
    out.size = sizeof out;
    check(lbw_gateway_get_stats(handle(), &out));
    return out;
  }

  // ---- tokens ----

  void add_token(std::string_view token) { check(lbw_gateway_add_token(handle(), token.data(), token.size())); }
  std::string issue_token() {
    return detail::text_from([this](char* buf, std::size_t cap, std::size_t* len) {
      return lbw_gateway_issue_token(handle(), buf, cap, len);
    });
  }
  // False if the connection is gone, or was answered already.
  bool accept(std::uint64_t connection) { return found(lbw_gateway_accept(handle(), connection)); }
  bool refuse(std::uint64_t connection, const std::string& reason = {}) {
    return found(lbw_gateway_refuse(handle(), connection, reason.empty() ? nullptr : reason.c_str()));
  }

  // ---- packets ----

  // False if the connection is gone, or the request was answered or timed out already.
  bool respond(std::uint64_t connection, std::uint32_t request_id, bytes_view body,
               std::uint8_t status = LBW_RESPONSE_SUCCESS) {
    return found(lbw_gateway_respond(handle(), connection, request_id, status, body.data(), body.size()));
  }
  bool respond(const request_event& request, bytes_view body, std::uint8_t status = LBW_RESPONSE_SUCCESS) {
    return respond(request.connection, request.request_id, body, status);
  }
  void push(std::uint64_t connection, std::uint8_t cmd, bytes_view body) { check(try_push(connection, cmd, body)); }
  // As a status: LBW_ERR_QUEUE_FULL, which a writable event ends, and LBW_ERR_NOT_FOUND may be nothing special.
  lbw_status try_push(std::uint64_t connection, std::uint8_t cmd, bytes_view body) noexcept {
    return lbw_gateway_push(handle(), connection, cmd, body.data(), body.size());
  }
  // How many connections took it; those with a full queue did not.
  std::uint64_t broadcast(std::uint8_t cmd, bytes_view body) {
    std::uint64_t sent = 0;
    const lbw_status status = lbw_gateway_broadcast(handle(), cmd, body.data(), body.size(), &sent);
    if (status != LBW_ERR_QUEUE_FULL) check(status);
    return sent;
  }
  // False if the connection is gone.
  bool close(std::uint64_t connection, std::int32_t code, const std::string& reason = {}) {
    return found(lbw_gateway_close(handle(), connection, code, reason.c_str()));
  }

  // ---- queue delivery ----

  std::optional<event> poll(milliseconds timeout) {
    const lbw_event* next = nullptr;
    const lbw_status status = lbw_gateway_poll(handle(), &next, detail::poll_ms(timeout));
    if (status == LBW_ERR_TIMEOUT) return std::nullopt;
    check(status);
    return detail::view(*next);
  }
  std::int32_t poll_fd() {
    std::int32_t fd = -1;
    check(lbw_gateway_poll_fd(handle(), &fd));
    return fd;
  }

 private:
  struct handlers : detail::callbacks {
    handler<auth_event> on_auth;
    handler<session_event> on_session;
    handler<close_event> on_close;
    handler<heartbeat_event> on_heartbeat;
    handler<request_event> on_request;
    handler<writable_event> on_writable;
    handler<log_event> on_log;
    handler<stopped_event> on_stopped;
  };

  static lbw_gateway create(const std::string& config_json) {
    lbw_gateway created = 0;
    check(lbw_gateway_create(config_json.c_str(), &created));
    return created;
  }
  static std::int32_t requested(lbw_gateway, const lbw_request_event* e, void* user) noexcept {
    auto* self = static_cast<handlers*>(user);
    return self->run([&] { self->on_request(detail::view(*e)); }) ? 0 : 1;
  }
  static bool found(lbw_status status) {
    if (status == LBW_ERR_NOT_FOUND) return false;
    check(status);
    return true;
  }
  template <class Raw, class View, handler<View> handlers::*member>
  gateway& set(lbw_status (*setter)(lbw_gateway, void (*)(lbw_gateway, const Raw*, void*), void*), handler<View> fn) {
    handlers& all = owner_.callbacks_of();
    check(setter(handle(), fn ? detail::trampoline<handlers, Raw, View, member> : nullptr, &all));
    all.*member = std::move(fn);
    return *this;
  }

  detail::owner<handlers> owner_;
};

}  // namespace lbwire

#endif  // LBWIRE_LBWIRE_HPP
