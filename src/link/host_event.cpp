#include "link/host_event.h"

namespace lbwire::link {

lbw_state_event to_host(const session::state_event& e) {
  auto out = blank<lbw_state_event>(LBW_EVENT_STATE);
  out.state = e.state;
  out.previous = e.previous;
  out.cause = e.cause;
  out.attempt = e.attempt;
  out.delay_ms = e.delay_ms;
  out.detail = text(e.detail);
  out.detail_len = length(e.detail);
  return out;
}

lbw_token_event to_host(const session::token_event& e) {
  auto out = blank<lbw_token_event>(LBW_EVENT_TOKEN);
  out.cause = e.cause;
  return out;
}

lbw_log_event to_host(const session::log_event& e) {
  auto out = blank<lbw_log_event>(LBW_EVENT_LOG);
  out.level = e.level;
  out.message = text(e.message);
  out.message_len = length(e.message);
  return out;
}

lbw_heartbeat_event to_host(const session::heartbeat_event& e, uint64_t connection) {
  auto out = blank<lbw_heartbeat_event>(LBW_EVENT_HEARTBEAT);
  out.connection = connection;
  out.origin = e.origin;
  out.request_id = e.request_id;
  out.rtt_us = e.rtt_us;
  out.rtt_min_us = e.rtt_min_us;
  out.srtt_us = e.srtt_us;
  out.rttvar_us = e.rttvar_us;
  return out;
}

lbw_close_event to_host(const session::close_event& e, uint64_t connection) {
  auto out = blank<lbw_close_event>(LBW_EVENT_CLOSE);
  const std::string_view name = host::close_name(e.code);
  out.connection = connection;
  out.code = e.code;
  out.origin = e.origin;
  out.will_reconnect = e.will_reconnect ? 1 : 0;
  out.requests_lost = e.requests_lost;
  out.name = name.data();
  out.name_len = length(name);
  out.reason = text(e.reason);
  out.reason_len = length(e.reason);
  return out;
}

lbw_session_event to_host(const session::session_event& e, uint64_t connection, std::string_view peer) {
  auto out = blank<lbw_session_event>(LBW_EVENT_SESSION);
  out.connection = connection;
  out.kind = e.kind;
  out.requests_lost = e.requests_lost;
  out.expires_ms = e.expires_ms;
  out.limit = e.limit;
  out.online = e.online;
  out.session_id = text(e.session_id);
  out.session_id_len = length(e.session_id);
  out.peer = text(peer);
  out.peer_len = length(peer);
  return out;
}

lbw_writable_event to_host(const session::writable_event&, uint64_t connection) {
  auto out = blank<lbw_writable_event>(LBW_EVENT_WRITABLE);
  out.connection = connection;
  return out;
}

}  // namespace lbwire::link
