// What handlers saw, in order, for a test to wait on: nothing here sleeps, every wait is for an event, with a deadline.
#pragma once

#include <lbwire/lbwire.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace lbwire::e2e {

// Generous: tests share the machine, and run under sanitizers.
constexpr std::chrono::seconds patience{30};

// One event. Its struct is as it came, but for what it points to, which is gone: that is in the texts.
struct seen {
  lbw_event event{};
  std::string text;    // detail, session_id, reason, body, message, token
  std::string second;  // peer, name, error_msg, metadata
  std::string third;   // peer of an auth event

  uint32_t type() const { return event.header.type; }
};

inline std::string text_of(const void* data, uint32_t size) {
  return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
}

inline seen copy(const lbw_state_event& e) {
  seen s;
  s.event.state = e;
  s.text = text_of(e.detail, e.detail_len);
  return s;
}
inline seen copy(const lbw_session_event& e) {
  seen s;
  s.event.session = e;
  s.text = text_of(e.session_id, e.session_id_len);
  s.second = text_of(e.peer, e.peer_len);
  return s;
}
inline seen copy(const lbw_close_event& e) {
  seen s;
  s.event.close = e;
  s.text = text_of(e.reason, e.reason_len);
  s.second = text_of(e.name, e.name_len);
  return s;
}
inline seen copy(const lbw_heartbeat_event& e) {
  seen s;
  s.event.heartbeat = e;
  return s;
}
inline seen copy(const lbw_push_event& e) {
  seen s;
  s.event.push = e;
  s.text = text_of(e.body, e.body_len);
  return s;
}
inline seen copy(const lbw_response_event& e) {
  seen s;
  s.event.response = e;
  s.text = text_of(e.body, e.body_len);
  s.second = text_of(e.error_msg, e.error_msg_len);
  return s;
}
inline seen copy(const lbw_token_event& e) {
  seen s;
  s.event.token = e;
  return s;
}
inline seen copy(const lbw_log_event& e) {
  seen s;
  s.event.log = e;
  s.text = text_of(e.message, e.message_len);
  return s;
}
inline seen copy(const lbw_dropped_event& e) {
  seen s;
  s.event.dropped = e;
  return s;
}
inline seen copy(const lbw_writable_event& e) {
  seen s;
  s.event.writable = e;
  return s;
}
inline seen copy(const lbw_auth_event& e) {
  seen s;
  s.event.auth = e;
  s.text = text_of(e.token, e.token_len);
  s.second = text_of(e.metadata, e.metadata_len);
  s.third = text_of(e.peer, e.peer_len);
  return s;
}
inline seen copy(const lbw_request_event& e) {
  seen s;
  s.event.request = e;
  s.text = text_of(e.body, e.body_len);
  return s;
}
inline seen copy(const lbw_stopped_event& e) {
  seen s;
  s.event.stopped = e;
  return s;
}

// The same for an event that poll gave.
inline seen copy(const lbw_event& e) {
  switch (e.header.type) {
    case LBW_EVENT_STATE: return copy(e.state);
    case LBW_EVENT_SESSION: return copy(e.session);
    case LBW_EVENT_CLOSE: return copy(e.close);
    case LBW_EVENT_HEARTBEAT: return copy(e.heartbeat);
    case LBW_EVENT_PUSH: return copy(e.push);
    case LBW_EVENT_RESPONSE: return copy(e.response);
    case LBW_EVENT_TOKEN: return copy(e.token);
    case LBW_EVENT_LOG: return copy(e.log);
    case LBW_EVENT_DROPPED: return copy(e.dropped);
    case LBW_EVENT_WRITABLE: return copy(e.writable);
    case LBW_EVENT_AUTH: return copy(e.auth);
    case LBW_EVENT_REQUEST: return copy(e.request);
    default: return copy(e.stopped);
  }
}

// ---- which event ----

inline auto is(uint32_t type) {
  return [type](const seen& s) { return s.type() == type; };
}
inline auto state_is(int32_t state) {
  return [state](const seen& s) { return s.type() == LBW_EVENT_STATE && s.event.state.state == state; };
}
inline auto state_is(int32_t state, int32_t cause) {
  return [=](const seen& s) { return state_is(state)(s) && s.event.state.cause == cause; };
}
inline auto close_is(int32_t code) {
  return [code](const seen& s) { return s.type() == LBW_EVENT_CLOSE && s.event.close.code == code; };
}
inline auto response_to(uint64_t request) {
  return [=](const seen& s) { return s.type() == LBW_EVENT_RESPONSE && s.event.response.request == request; };
}

// Something that happens once, on another thread.
class latch {
 public:
  void open() {
    const std::lock_guard held(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool wait() {
    std::unique_lock held(mutex_);
    return changed_.wait_for(held, patience, [this] { return open_; });
  }
  bool is_open() {
    const std::lock_guard held(mutex_);
    return open_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

class recorder {
 public:
  template <class Event>
  void add(const Event& e) {
    add(copy(e));
  }
  void add(seen s) {
    const std::lock_guard held(mutex_);
    events_.push_back(std::move(s));
    changed_.notify_all();
  }

  // The nth event (from 1) that `which` holds for, once it came.
  template <class Which>
  std::optional<seen> await(Which which, size_t nth = 1) {
    std::unique_lock held(mutex_);
    std::optional<seen> found;
    size_t matched = 0, looked_at = 0;
    const bool came = changed_.wait_for(held, patience, [&] {
      for (; looked_at < events_.size(); ++looked_at) {
        if (!which(events_[looked_at]) || ++matched < nth) continue;
        found = events_[looked_at];
        return true;
      }
      return false;
    });
    return came ? found : std::nullopt;
  }
  template <class Which>
  [[nodiscard]] bool saw(Which which, size_t nth = 1) {
    return await(which, nth).has_value();
  }

  // How many came up to now.
  template <class Which>
  size_t count(Which which) {
    const std::lock_guard held(mutex_);
    size_t matched = 0;
    for (const seen& s : events_) matched += which(s) ? 1u : 0u;
    return matched;
  }

  std::vector<seen> all() {
    const std::lock_guard held(mutex_);
    return events_;
  }

  // The states that came, as text: "connecting authenticating ready".
  std::string states() {
    std::string out;
    for (const seen& s : all()) {
      if (s.type() == LBW_EVENT_STATE)
        out += (out.empty() ? "" : " ") + std::string(lbw_state_name(s.event.state.state));
    }
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<seen> events_;
};

// Waits, with the deadline, for what no event tells: a counter of the library's.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock held(mutex);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    never.wait_for(held, std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace lbwire::e2e
