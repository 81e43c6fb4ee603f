#include "event_text.h"

#include <string_view>

#include "printable.h"

namespace lbwire::cli {

namespace {

std::string line(const char* name, uint64_t connection, std::string_view rest) {
  std::string text(name);
  text.resize(10, ' ');
  if (connection != 0) text += "#" + std::to_string(connection) + " ";
  text += rest;
  return text;
}

// ": reason", or nothing
std::string appended(std::string_view reason) {
  return reason.empty() ? "" : ": " + escape(reason);
}

std::string state_text(const lbw_state_event& event) {
  std::string rest = std::string(lbw_state_name(event.state)) + " (" + lbw_cause_name(event.cause) + ")";
  if (event.state == LBW_STATE_BACKING_OFF) {
    rest += event.delay_ms == 0 ? ", again at once" : ", again in " + std::to_string(event.delay_ms) + " ms";
  }
  return line("state", 0, rest + appended({event.detail, event.detail_len}));
}

std::string session_text(const lbw_session_event& event, secrets shown) {
  std::string rest = event.kind == LBW_SESSION_RECONNECT ? "came back with its session" : "began by token";
  if (event.peer_len != 0) rest += ", peer " + escape({event.peer, event.peer_len});
  rest += ", good until " + show_date(event.expires_ms);
  if (event.requests_lost != 0) rest += ", " + std::to_string(event.requests_lost) + " requests lost";
  if (shown == secrets::show) rest += ", id " + escape({event.session_id, event.session_id_len});
  return line("session", event.connection, rest);
}

std::string close_text(const lbw_close_event& event) {
  std::string rest = show_close(event.code);
  rest += event.origin == LBW_ORIGIN_PEER ? " by the peer" : " by us";
  rest += appended({event.reason, event.reason_len});
  if (event.connection == 0) rest += event.will_reconnect != 0 ? "; will reconnect" : "; will not reconnect";
  return line("close", event.connection, rest);
}

std::string heartbeat_text(const lbw_heartbeat_event& event) {
  if (event.origin == LBW_ORIGIN_PEER) return line("heartbeat", event.connection, "answered the peer's");
  return line("heartbeat", event.connection,
              "round trip " + show_duration_us(event.rtt_us) + ", smoothed " + show_duration_us(event.srtt_us) +
                  ", least " + show_duration_us(event.rtt_min_us));
}

std::string push_text(const lbw_push_event& event) {
  const std::string_view body(static_cast<const char*>(event.body), event.body_len);
  return line("push", 0, "cmd " + std::to_string(event.cmd) + ": " + show_bytes(body));
}

}  // namespace

std::string show_close(int32_t code) {
  const std::string name = lbw_close_name(code);
  return code < 0 ? name : std::to_string(code) + " " + name;
}

std::string to_text(const lbw_event& event, secrets shown) {
  switch (event.header.type) {
    case LBW_EVENT_STATE: return state_text(event.state);
    case LBW_EVENT_SESSION: return session_text(event.session, shown);
    case LBW_EVENT_CLOSE: return close_text(event.close);
    case LBW_EVENT_HEARTBEAT: return heartbeat_text(event.heartbeat);
    case LBW_EVENT_PUSH: return push_text(event.push);
    case LBW_EVENT_TOKEN:
      return line("token", 0, std::string("a fresh one is needed (") + lbw_cause_name(event.token.cause) + ")");
    case LBW_EVENT_LOG: return line(level_name(event.log.level), 0, escape({event.log.message, event.log.message_len}));
    case LBW_EVENT_DROPPED:
      return line("dropped", 0, std::to_string(event.dropped.count) + " pushes that nobody read in time");
    case LBW_EVENT_STOPPED: return line("stopped", 0, "every connection is closed");
    default: return "";
  }
}

}  // namespace lbwire::cli
