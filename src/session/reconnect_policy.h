// What the client does when a connection ended: the table, one row a reason.
#pragma once

#include <lbwire/lbwire.h>

#include <cstdint>
#include <map>

namespace lbwire::session {

enum class close_action : uint8_t {
  resume,          // come back with the session, after the back-off
  resume_at_once,  // likewise, but the first time without delay whatever the back-off says
  reauth,          // come back with a fresh token, after the back-off
  reauth_at_once,
  stop,  // stay closed
};

// How it ends when the same thing happens again and again without a stable session between.
struct close_rule {
  close_action action;
  uint32_t fail_after = 0;   // give up on the nth in a row; 0: never
  uint32_t first_retry = 0;  // where the back-off starts: 0 begins with an attempt at once
};

// The number under which every code that the protocol does not name is configured.
inline constexpr int32_t unknown_close_code = 1000;

using close_action_overrides = std::map<int32_t, close_action>;

inline close_rule default_close_rule(int32_t code) {
  switch (code) {
    case LBW_CLOSE_HEARTBEAT_TIMEOUT: return {close_action::resume_at_once};
    case LBW_CLOSE_SERVER_ERROR: return {close_action::resume};
    // A gateway that goes down loses all its clients at once: no attempt without jitter, or the whole fleet is back in
    // the same millisecond.
    case LBW_CLOSE_SERVER_SHUTDOWN: return {close_action::resume, 0, 3};
    case LBW_CLOSE_UNPACK_ERROR: return {close_action::resume, 3};
    case LBW_CLOSE_AUTH_ERROR: return {close_action::reauth, 2};
    case LBW_CLOSE_SESSION_EXPIRED: return {close_action::reauth_at_once};
    case LBW_CLOSE_CONNECT_DUPLICATE: return {close_action::stop};
    case LBW_CLOSE_DISCONNECTED: return {close_action::stop};
    default: return {close_action::resume};
  }
}

inline close_rule close_rule_for(int32_t code, const close_action_overrides& overrides) {
  close_rule rule = default_close_rule(code);
  const bool named = code <= LBW_CLOSE_CONNECT_DUPLICATE && code != LBW_CLOSE_UNKNOWN;
  const auto found = overrides.find(named ? code : unknown_close_code);
  if (found != overrides.end()) rule.action = found->second;
  return rule;
}

}  // namespace lbwire::session
