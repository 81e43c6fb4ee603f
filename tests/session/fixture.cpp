#include "fixture.h"

#include <type_traits>

namespace lbwire::session {

namespace {

const char* state_name(int32_t state) {
  constexpr const char* names[] = {"idle", "connecting", "authenticating", "ready", "backing_off", "closed", "failed"};
  return names[state];
}

std::string line_for(const event& e) {
  return std::visit(
      [](const auto& x) -> std::string {
        using type = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<type, push_event>) return "push " + std::to_string(x.cmd);
        if constexpr (std::is_same_v<type, response_event>) return "response " + std::to_string(x.result);
        if constexpr (std::is_same_v<type, request_event>) return "request " + std::to_string(x.cmd);
        if constexpr (std::is_same_v<type, heartbeat_event>)
          return x.origin == LBW_ORIGIN_LOCAL ? "heartbeat answered" : "heartbeat of the peer";
        if constexpr (std::is_same_v<type, state_event>) return std::string("state ") + state_name(x.state);
        if constexpr (std::is_same_v<type, session_event>)
          return x.kind == LBW_SESSION_AUTH ? "session by auth" : "session by reconnect";
        if constexpr (std::is_same_v<type, close_event>)
          return "close " + std::to_string(x.code) + (x.origin == LBW_ORIGIN_PEER ? " peer" : " local");
        if constexpr (std::is_same_v<type, token_event>) return "token";
        if constexpr (std::is_same_v<type, admission_event>)
          return x.kind == LBW_SESSION_AUTH ? "admission by auth" : "admission by reconnect";
        if constexpr (std::is_same_v<type, writable_event>) return "writable";
        if constexpr (std::is_same_v<type, log_event>) return "log " + std::to_string(x.level);
      },
      e);
}

}  // namespace

void event_log::add(const event_batch& batch) {
  for (event e : batch) {
    std::visit(
        [this](auto& x) {
          if constexpr (requires { x.body; }) x.body = own(x.body);
          if constexpr (requires { x.detail; }) x.detail = own(x.detail);
          if constexpr (requires { x.session_id; }) x.session_id = own(x.session_id);
          if constexpr (requires { x.error_msg; }) x.error_msg = own(x.error_msg);
          if constexpr (requires { x.reason; }) x.reason = own(x.reason);
          if constexpr (requires { x.message; }) x.message = own(x.message);
          if constexpr (requires { x.credential; }) x.credential = own(x.credential);
          if constexpr (requires { x.metadata; }) x.metadata = &maps_.emplace_back(*x.metadata);
        },
        e);
    events_.push_back(e);
  }
}

void event_log::clear() {
  events_.clear();
  texts_.clear();
  bodies_.clear();
  maps_.clear();
}

std::vector<std::string> event_log::summary() const {
  std::vector<std::string> out;
  for (const event& e : events_) out.push_back(line_for(e));
  return out;
}

byte_string encoded(const owned_packet& p, wire::version v) {
  wire::packet raw;
  raw.type = p.type;
  raw.cmd = p.cmd;
  raw.request_id = p.request_id;
  raw.status = p.status;
  raw.timeout_ms = p.timeout_ms;
  raw.gzip = p.gzip;
  raw.metadata = p.metadata;
  raw.body = p.body;
  byte_string out(wire::encoded_size(raw, v));
  EXPECT_EQ(wire::encode(raw, v, out), out.size());
  return out;
}

owned_packet copy_of(const wire::packet& p) {
  return {p.type,       p.cmd,
          p.request_id, p.status,
          p.timeout_ms, {p.body.begin(), p.body.end()},
          p.gzip,       {p.metadata.begin(), p.metadata.end()}};
}

std::vector<owned_packet> decoded(bytes in, wire::version v) {
  std::vector<owned_packet> out;
  while (!in.empty()) {
    wire::packet p;
    const auto result = wire::decode(in, v, wire::max_packet_size, p);
    EXPECT_EQ(result.status, wire::decode_status::ok);
    if (result.status != wire::decode_status::ok) break;
    out.push_back(copy_of(p));
    in = in.subspan(result.size);
  }
  return out;
}

byte_string operator+(byte_string a, const byte_string& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

byte_string text_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string as_text(bytes body) {
  return {body.begin(), body.end()};
}

}  // namespace lbwire::session
