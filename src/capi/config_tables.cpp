#include "capi/config_tables.h"

namespace lbwire::capi {

using host::overflow_policy;

void add_socket_keys(config_table& table, transport::tcp_options& socket) {
  constexpr uint64_t longest_idle_s = 32767;  // as long as Linux goes
  table.section("socket", "Options of each TCP connection.");
  table.flag("socket.no_delay", socket.no_delay,
             "Whether small packets leave at once (TCP_NODELAY), instead of waiting to be sent together.");
  table.integer("socket.keepalive_s", socket.keepalive_s, {0, longest_idle_s, unit::seconds},
                "How long a connection is idle before the system probes the peer; 0: never. Heartbeats find a dead "
                "peer sooner.");
}

void add_heartbeat_keys(config_table& table, session::heartbeat_options& heartbeat) {
  table.section("heartbeat", "How a peer that went silent is found.");
  table.integer("heartbeat.interval_ms", heartbeat.interval, {0, hour_ms, unit::milliseconds},
                "After so long without a packet from the peer it is asked whether it is there; 0: it is "
                "never asked. The "
                "peer's own heartbeats are answered in any case.");
  table.integer("heartbeat.timeout_ms", heartbeat.timeout, {1, hour_ms, unit::milliseconds},
                "How long the peer may take to answer before the connection counts as dead.");
}

void add_delivery_keys(config_table& table, host::delivery_options& delivery) {
  table.choice("delivery", delivery.by_queue, {{"callback", false}, {"queue", true}},
               "How events reach the program. \"callback\": the handlers are called on a thread of the library. "
               "\"queue\": events wait until the program polls for them.");
  table.choice("overflow", delivery.overflow,
               {{"block", overflow_policy::block}, {"drop_oldest", overflow_policy::drop_oldest}},
               "With queue delivery, what happens when limits.max_event_queue_bytes is reached. \"block\": the peer "
               "is "
               "not read until the program polled. \"drop_oldest\": the oldest pushes go, and an event says how many; "
               "no other event is ever dropped.");
}

void add_log_key(config_table& table, int32_t& log_level) {
  table.choice("log_level", log_level,
               {{"error", LBW_LOG_ERROR}, {"warn", LBW_LOG_WARN}, {"info", LBW_LOG_INFO}, {"debug", LBW_LOG_DEBUG}},
               "The least important log events that are still made. No secret is in any of them.");
}

void add_limit_keys(config_table& table, session::channel_limits& limits, host::delivery_options& delivery) {
  constexpr uint64_t least = 1024;  // the protocol's own packets have room
  constexpr uint64_t gibibyte = uint64_t{1} << 30;
  table.integer("limits.max_packet_bytes", limits.max_packet_bytes, {least, wire::max_packet_size, unit::bytes},
                "The largest packet that is accepted from the peer, as it comes over the wire. A larger one ends the "
                "connection before memory is taken for it.");
  table.integer("limits.max_inflated_bytes", limits.max_inflated_bytes, {least, gibibyte, unit::bytes},
                "The largest body that a compressed packet of the peer may inflate to.");
  table.integer("limits.max_send_queue_bytes", limits.max_send_queue_bytes, {least, gibibyte, unit::bytes},
                "How much may wait to be sent on one connection; beyond it sending fails with LBW_ERR_QUEUE_FULL until "
                "a writable event comes. A single packet of any size always fits into an empty queue.");
  table.integer("limits.max_event_queue_bytes", delivery.max_queue_bytes, {least, gibibyte, unit::bytes},
                "With queue delivery, how much may wait to be polled; see overflow.");
}

}  // namespace lbwire::capi
