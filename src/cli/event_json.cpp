#include "event_json.h"

#include "hex.h"

namespace lbwire::cli {

namespace {

json start(const char* name, uint64_t connection = 0) {
  json object{{"event", name}};
  if (connection != 0) object["connection"] = connection;
  return object;
}

std::string text(const char* data, uint32_t len) {
  return {data, len};
}

}  // namespace

const char* origin_name(int32_t origin) {
  return origin == LBW_ORIGIN_PEER ? "peer" : "local";
}
const char* kind_name(int32_t kind) {
  return kind == LBW_SESSION_RECONNECT ? "reconnect" : "auth";
}

const char* level_name(int32_t level) {
  switch (level) {
    case LBW_LOG_ERROR: return "error";
    case LBW_LOG_WARN: return "warn";
    case LBW_LOG_INFO: return "info";
    default: return "debug";
  }
}

json to_json(const lbw_state_event& event) {
  json object = start("state");
  object["state"] = lbw_state_name(event.state);
  object["previous"] = lbw_state_name(event.previous);
  object["cause"] = lbw_cause_name(event.cause);
  object["attempt"] = event.attempt;
  object["delay_ms"] = event.delay_ms;
  object["detail"] = text(event.detail, event.detail_len);
  return object;
}

json to_json(const lbw_session_event& event, secrets shown) {
  json object = start("session", event.connection);
  object["kind"] = kind_name(event.kind);
  object["expires_ms"] = event.expires_ms;
  object["peer"] = text(event.peer, event.peer_len);
  object["limit"] = event.limit;
  object["online"] = event.online;
  if (event.connection == 0) object["requests_lost"] = event.requests_lost;
  if (shown == secrets::show) object["session_id"] = text(event.session_id, event.session_id_len);
  return object;
}

json to_json(const lbw_close_event& event) {
  json object = start("close", event.connection);
  object["code"] = event.code;
  object["name"] = text(event.name, event.name_len);
  object["reason"] = text(event.reason, event.reason_len);
  object["origin"] = origin_name(event.origin);
  if (event.connection == 0) {
    object["will_reconnect"] = event.will_reconnect != 0;
    object["requests_lost"] = event.requests_lost;
  }
  return object;
}

json to_json(const lbw_heartbeat_event& event) {
  json object = start("heartbeat", event.connection);
  object["rtt_us"] = event.rtt_us;
  object["origin"] = origin_name(event.origin);
  object["rtt_min_us"] = event.rtt_min_us;
  object["srtt_us"] = event.srtt_us;
  object["rttvar_us"] = event.rttvar_us;
  return object;
}

json to_json(const lbw_push_event& event) {
  json object = start("push");
  object["cmd"] = event.cmd;
  object["body_hex"] = to_hex(event.body, event.body_len);
  return object;
}

json to_json(const lbw_response_event& event) {
  json object = start("response");
  object["request"] = event.request;
  object["result"] = lbw_status_name(event.result);
  object["cmd"] = event.cmd;
  object["status"] = lbw_response_name(event.response_status);
  object["body_hex"] = to_hex(event.body, event.body_len);
  return object;
}

json to_json(const lbw_token_event& event) {
  json object = start("token");
  object["cause"] = lbw_cause_name(event.cause);
  return object;
}

json to_json(const lbw_log_event& event) {
  json object = start("log");
  object["level"] = level_name(event.level);
  object["message"] = text(event.message, event.message_len);
  return object;
}

json to_json(const lbw_dropped_event& event) {
  json object = start("dropped");
  object["count"] = event.count;
  return object;
}

json to_json(const lbw_stopped_event&) {
  return start("stopped");
}

json to_json(const lbw_event& event, secrets shown) {
  switch (event.header.type) {
    case LBW_EVENT_STATE: return to_json(event.state);
    case LBW_EVENT_SESSION: return to_json(event.session, shown);
    case LBW_EVENT_CLOSE: return to_json(event.close);
    case LBW_EVENT_HEARTBEAT: return to_json(event.heartbeat);
    case LBW_EVENT_PUSH: return to_json(event.push);
    case LBW_EVENT_RESPONSE: return to_json(event.response);
    case LBW_EVENT_TOKEN: return to_json(event.token);
    case LBW_EVENT_LOG: return to_json(event.log);
    case LBW_EVENT_DROPPED: return to_json(event.dropped);
    case LBW_EVENT_STOPPED: return to_json(event.stopped);
    default: return nullptr;
  }
}

json to_json(const lbw_client_stats& stats) {
  json object = start("stats");
  object["state"] = lbw_state_name(stats.state);
  object["bytes_sent"] = stats.bytes_sent;
  object["bytes_received"] = stats.bytes_received;
  object["packets_sent"] = stats.packets_sent;
  object["packets_received"] = stats.packets_received;
  object["pushes"] = stats.pushes;
  object["pushes_dropped"] = stats.pushes_dropped;
  object["heartbeats_sent"] = stats.heartbeats_sent;
  object["heartbeats_answered"] = stats.heartbeats_answered;
  object["heartbeats_received"] = stats.heartbeats_received;
  object["connects"] = stats.connects;
  object["sessions"] = stats.sessions;
  object["rtt_us"] = stats.rtt_us;
  object["rtt_min_us"] = stats.rtt_min_us;
  object["srtt_us"] = stats.srtt_us;
  object["rttvar_us"] = stats.rttvar_us;
  return object;
}

json to_json(const lbw_gateway_stats& stats) {
  json object = start("stats");
  object["connections"] = stats.connections;
  object["sessions"] = stats.sessions;
  object["accepted"] = stats.accepted;
  object["auths"] = stats.auths;
  object["reconnects"] = stats.reconnects;
  object["refused"] = stats.refused;
  object["closes"] = stats.closes;
  object["closes_other"] = stats.closes_other;
  object["lost"] = stats.lost;
  object["requests"] = stats.requests;
  object["pushes"] = stats.pushes;
  return object;
}

}  // namespace lbwire::cli
