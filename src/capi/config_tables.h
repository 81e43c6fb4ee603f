// The two tables: every key of a client's and of a gateway's config.
#pragma once

#include "capi/config_table.h"
#include "client/options.h"
#include "gateway/options.h"

namespace lbwire::capi {

// The table stores into the options, and must not outlive them.
config_table client_table(client::options& options);
config_table gateway_table(gateway::options& options);

// What the two have alike.
void add_socket_keys(config_table& table, transport::tcp_options& socket);
void add_heartbeat_keys(config_table& table, session::heartbeat_options& heartbeat);
void add_delivery_keys(config_table& table, host::delivery_options& delivery);
void add_log_key(config_table& table, int32_t& log_level);
void add_limit_keys(config_table& table, session::channel_limits& limits, host::delivery_options& delivery);

// Room for a token and metadata together in the first packet, of which a gateway takes 64 KiB from a peer
// that it does not know yet.
inline constexpr size_t max_token_bytes = 16384;
inline constexpr size_t max_metadata_bytes = 32768;

inline constexpr uint64_t hour_ms = 3'600'000;

}  // namespace lbwire::capi
