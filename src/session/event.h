// What a session has to tell, in order. Sessions put events into a batch; the driver hands the batch out when no
// lock is held, then clears it.
#pragma once

#include <lbwire/lbwire.h>

#include <cstdint>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/control.h"

namespace lbwire::session {

using bytes = std::span<const uint8_t>;

// Who is told how a request ended. Carried, never called, by the session.
struct completion {
  lbw_response_fn on_response = nullptr;
  void* user = nullptr;
};

// ---- client ----

struct state_event {
  int32_t state, previous, cause;
  uint32_t attempt;
  uint32_t delay_ms;
  std::string_view detail;
};

struct session_event {
  int32_t kind;
  uint32_t requests_lost;
  int64_t expires_ms;
  uint32_t limit, online;
  std::string_view session_id;
};

struct push_event {
  uint8_t cmd;
  bytes body;
};

struct response_event {
  uint64_t request;
  lbw_status result;
  uint8_t cmd;
  uint8_t status;
  bytes body;
  uint64_t error_code;
  std::string_view error_msg;
  completion done;
};

struct token_event {
  int32_t cause;
};

// ---- both ends ----

struct close_event {
  int32_t code, origin;
  bool will_reconnect;
  uint32_t requests_lost;
  std::string_view reason;
};

struct heartbeat_event {
  int32_t origin;
  uint32_t request_id;
  uint64_t rtt_us, rtt_min_us, srtt_us, rttvar_us;
};

// Room in the send queue again, after a send was refused for want of it.
struct writable_event {};

struct log_event {
  int32_t level;
  std::string_view message;
};

// ---- server ----

// A first packet that asks to be let in, by token or by session: the driver answers with accept or refuse.
struct admission_event {
  int32_t kind;  // LBW_SESSION_AUTH, LBW_SESSION_RECONNECT
  std::string_view credential;
  const wire::string_map* metadata;
};

struct request_event {
  uint32_t request_id;
  uint32_t timeout_ms;
  uint8_t cmd;
  bytes body;
};

using event = std::variant<push_event, response_event, request_event, heartbeat_event, state_event, session_event,
                           close_event, token_event, admission_event, writable_event, log_event>;

// Events in order, with the storage of what they point to besides the receive buffer. One batch serves every
// session of an event loop in turn.
class event_batch {
 public:
  template <class Event>
  void add(const Event& e) {
    events_.emplace_back(e);
  }

  // Keeps text, or an inflated body, until clear().
  std::string_view keep(std::string text) { return texts_.emplace_front(std::move(text)); }
  bytes keep(std::vector<uint8_t> body) {
    kept_bytes_ += body.size();
    return bodies_.emplace_front(std::move(body));
  }
  const wire::string_map* keep(wire::string_map map) { return &maps_.emplace_front(std::move(map)); }

  // Takes over another batch's events, behind its own. The other one is left empty and without memory.
  void append(event_batch& other) {
    events_.insert(events_.end(), other.events_.begin(), other.events_.end());
    texts_.splice_after(texts_.before_begin(), other.texts_);
    bodies_.splice_after(bodies_.before_begin(), other.bodies_);
    maps_.splice_after(maps_.before_begin(), other.maps_);
    kept_bytes_ += other.kept_bytes_;
    other = event_batch();
  }

  // Full enough to be handed out: a session stops taking packets here, so that what one read can inflate to stays
  // bounded, and what is first in it does not wait for what is last.
  bool full() const { return events_.size() >= max_events || kept_bytes_ >= max_kept_bytes; }
  bool empty() const { return events_.empty(); }

  auto begin() const { return events_.begin(); }
  auto end() const { return events_.end(); }

  void clear() {
    events_.clear();
    if (events_.capacity() > 16 * max_events) events_.shrink_to_fit();
    texts_.clear();
    bodies_.clear();
    maps_.clear();
    kept_bytes_ = 0;
  }

 private:
  static constexpr size_t max_events = 128;
  static constexpr size_t max_kept_bytes = size_t{1} << 20;

  std::vector<event> events_;
  // Lists: what is kept stays where it is, and an empty one takes no memory.
  std::forward_list<std::string> texts_;
  std::forward_list<std::vector<uint8_t>> bodies_;
  std::forward_list<wire::string_map> maps_;
  size_t kept_bytes_ = 0;
};

}  // namespace lbwire::session
