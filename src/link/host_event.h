// Events of a session in the form that the host knows. What they point to stays where the session's event has it.
#pragma once

#include <lbwire/lbwire.h>

#include <cstring>
#include <string_view>

#include "host/event_queue.h"
#include "host/names.h"
#include "session/event.h"

namespace lbwire::link {

// An event with its size and type set and everything else 0.
template <class Event>
Event blank(uint32_t type) {
  Event e{};
  e.size = sizeof(Event);
  e.type = type;
  return e;
}

inline uint32_t length(std::string_view text) {
  return static_cast<uint32_t>(text.size());
}

// Text of an event ends in a NUL wherever it comes from: batches keep std::string, and a default view has none.
inline const char* text(std::string_view view) {
  return view.data() ? view.data() : "";
}

inline lbw_push_event to_host(const session::push_event& e) {
  auto out = blank<lbw_push_event>(LBW_EVENT_PUSH);
  out.cmd = e.cmd;
  out.body_len = static_cast<uint32_t>(e.body.size());
  out.body = e.body.data();
  return out;
}

inline lbw_response_event to_host(const session::response_event& e) {
  auto out = blank<lbw_response_event>(LBW_EVENT_RESPONSE);
  out.request = e.request;
  out.result = e.result;
  out.cmd = e.cmd;
  out.response_status = e.status;
  out.body_len = static_cast<uint32_t>(e.body.size());
  out.body = e.body.data();
  out.error_code = e.error_code;
  out.error_msg = text(e.error_msg);
  out.error_msg_len = length(e.error_msg);
  out.user = e.done.user;
  return out;
}

inline lbw_request_event to_host(const session::request_event& e, uint64_t connection) {
  auto out = blank<lbw_request_event>(LBW_EVENT_REQUEST);
  out.connection = connection;
  out.request_id = e.request_id;
  out.timeout_ms = e.timeout_ms;
  out.cmd = e.cmd;
  out.body_len = static_cast<uint32_t>(e.body.size());
  out.body = e.body.data();
  return out;
}

lbw_state_event to_host(const session::state_event& e);
lbw_token_event to_host(const session::token_event& e);
lbw_log_event to_host(const session::log_event& e);
lbw_heartbeat_event to_host(const session::heartbeat_event& e, uint64_t connection);
lbw_close_event to_host(const session::close_event& e, uint64_t connection);
lbw_session_event to_host(const session::session_event& e, uint64_t connection, std::string_view peer);
lbw_writable_event to_host(const session::writable_event& e, uint64_t connection);

template <class Event>
void enqueue(host::event_queue& queue, const Event& e) {
  lbw_event any{};
  static_assert(sizeof(Event) <= sizeof(any));
  std::memcpy(&any, &e, sizeof e);
  queue.push(any);
}

}  // namespace lbwire::link
