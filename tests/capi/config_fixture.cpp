#include "config_fixture.h"

namespace lbwire::capi::test {

namespace {

const char* log_level_name(int32_t level) {
  constexpr const char* names[] = {"error", "warn", "info", "debug"};
  return names[level];
}

const char* action_name(session::close_action action) {
  constexpr const char* names[] = {"resume", "resume_at_once", "reauth", "reauth_at_once", "stop"};
  return names[static_cast<size_t>(action)];
}

void add_limits(flat& out, const session::channel_limits& limits, const host::delivery_options& delivery) {
  out["limits.max_packet_bytes"] = limits.max_packet_bytes;
  out["limits.max_inflated_bytes"] = limits.max_inflated_bytes;
  out["limits.max_send_queue_bytes"] = limits.max_send_queue_bytes;
  out["limits.max_event_queue_bytes"] = delivery.max_queue_bytes;
  out["delivery"] = delivery.by_queue ? "queue" : "callback";
  out["overflow"] = delivery.overflow == host::overflow_policy::block ? "block" : "drop_oldest";
}

void add_socket(flat& out, const transport::tcp_options& socket) {
  out["socket.no_delay"] = socket.no_delay;
  out["socket.keepalive_s"] = socket.keepalive_s;
}

void add_heartbeat(flat& out, const session::heartbeat_options& heartbeat) {
  out["heartbeat.interval_ms"] = heartbeat.interval.count();
  out["heartbeat.timeout_ms"] = heartbeat.timeout.count();
}

template <class Requests>
void add_requests(flat& out, const Requests& requests) {
  out["requests.timeout_ms"] = requests.timeout.count();
  out["requests.max_in_flight"] = requests.max_in_flight;
  out["requests.compress_from_bytes"] = requests.compress_from;
}

void add_reconnect(flat& out, const session::client_options& options) {
  const auto& reconnect = options.reconnect;
  out["reconnect.enabled"] = reconnect.enabled;
  out["reconnect.initial_ms"] = reconnect.back_off.initial.count();
  out["reconnect.max_ms"] = reconnect.back_off.max.count();
  out["reconnect.stable_ms"] = reconnect.stable.count();
  out["reconnect.max_attempts"] = reconnect.max_attempts;
  const std::map<std::string, int32_t> codes{{"HeartbeatTimeout", LBW_CLOSE_HEARTBEAT_TIMEOUT},
                                             {"ServerError", LBW_CLOSE_SERVER_ERROR},
                                             {"ServerShutdown", LBW_CLOSE_SERVER_SHUTDOWN},
                                             {"UnpackError", LBW_CLOSE_UNPACK_ERROR},
                                             {"AuthError", LBW_CLOSE_AUTH_ERROR},
                                             {"SessExpired", LBW_CLOSE_SESSION_EXPIRED},
                                             {"ConnectDuplicate", LBW_CLOSE_CONNECT_DUPLICATE},
                                             {"ConnectionLost", LBW_CLOSE_CONNECTION_LOST},
                                             {"AuthTimeout", LBW_CLOSE_AUTH_TIMEOUT},
                                             {"Unknown", 77}};
  for (const auto& [name, code] : codes) {
    out["reconnect.on." + name] = action_name(session::close_rule_for(code, reconnect.on).action);
  }
}

}  // namespace

flat read_back(const client::options& options) {
  const session::client_options& session = options.session_options;
  flat out;
  out["url"] = "tcp://" + options.server.text();
  out["token"] = options.token;
  out["session"] = {{"session_id", options.session.id}, {"expires_ms", options.session.expires_ms}};
  out["metadata"] = session.metadata;
  out["threads"] = options.threads;
  out["log_level"] = log_level_name(session.log_level);
  out["protocol.version"] = static_cast<int>(session.handshake.version);
  out["protocol.codec"] = session.handshake.codec == wire::body_codec::protobuf ? "protobuf" : "json";
  out["protocol.platform"] = session.handshake.platform;
  out["connect.timeout_ms"] = session.connect_timeout.count();
  out["auth.timeout_ms"] = session.auth_timeout.count();
  out["auth.token_timeout_ms"] = session.token_timeout.count();
  out["requests.when_not_ready"] = session.requests.wait_when_not_ready ? "wait" : "fail";
  add_heartbeat(out, session.heartbeat);
  add_reconnect(out, session);
  add_requests(out, session.requests);
  add_limits(out, session.limits, options.delivery);
  add_socket(out, options.tcp);
  return out;
}

flat read_back(const gateway::options& options) {
  const session::server_options& session = options.session_options;
  flat out;
  out["tcp"] = options.listen.text();
  out["tokens"] = options.tokens;
  out["connection_limit"] = options.limit;
  out["session.ttl_ms"] = options.session_ttl.count();
  out["auth.timeout_ms"] = session.auth_timeout.count();
  out["stop.drain_ms"] = options.drain.count();
  out["stop.linger_ms"] = session.linger.count();
  out["limits.max_connections"] = options.max_connections;
  out["limits.max_sessions"] = options.max_sessions;
  out["limits.max_tokens"] = options.max_tokens;
  out["threads"] = options.threads;
  out["log_level"] = log_level_name(session.log_level);
  add_heartbeat(out, session.heartbeat);
  add_requests(out, session.requests);
  add_limits(out, session.limits, options.delivery);
  add_socket(out, options.tcp);
  return out;
}

}  // namespace lbwire::capi::test
