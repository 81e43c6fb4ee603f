// What every server session of a gateway is told at its start.
#pragma once

#include <cstdint>

#include "session/heartbeat_monitor.h"
#include "session/packet_channel.h"

namespace lbwire::session {

struct server_options {
  milliseconds auth_timeout{10000};  // for the first packet to come, and again for the host to answer it
  milliseconds linger{1000};         // for the peer to read our Close before the connection is dropped
  heartbeat_options heartbeat;

  struct {
    milliseconds timeout{60000};  // where the request names none
    size_t max_in_flight = 1024;  // of one connection, waiting for the host
    size_t compress_from = 0;     // bytes, of answers and pushes; 0: never
  } requests;

  channel_limits limits{wire::max_packet_size, size_t{16} << 20, size_t{4} << 20};
  int32_t log_level = LBW_LOG_WARN;
};

}  // namespace lbwire::session
