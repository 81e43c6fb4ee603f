// What a client session is told at its start. Shared by every session of one configuration, and never changed.
#pragma once

#include <memory>
#include <string>

#include "session/back_off.h"
#include "session/heartbeat_monitor.h"
#include "session/packet_channel.h"
#include "session/reconnect_policy.h"
#include "wire/control.h"
#include "wire/handshake.h"

namespace lbwire::session {

struct client_options {
  wire::handshake handshake;
  wire::string_map metadata;  // sent with auth and reconnect

  milliseconds connect_timeout{10000};
  milliseconds auth_timeout{10000};
  milliseconds token_timeout{30000};  // for the host to answer a token event

  heartbeat_options heartbeat;

  struct {
    bool enabled = true;
    back_off_options back_off;
    milliseconds stable{10000};  // ready for so long, and all counts start over
    uint32_t max_attempts = 0;   // 0: no limit
    close_action_overrides on;
  } reconnect;

  struct {
    bool wait_when_not_ready = false;
    milliseconds timeout{10000};
    size_t max_in_flight = 65536;
    size_t compress_from = 0;  // bytes; 0: never
  } requests;

  channel_limits limits;
  int32_t log_level = LBW_LOG_WARN;
};

// A session that was given out: the right to come back without a token.
struct resumable_session {
  std::string id;
  int64_t expires_ms = 0;  // Unix time

  bool usable(int64_t unix_ms) const { return !id.empty() && unix_ms < expires_ms; }
};

}  // namespace lbwire::session
