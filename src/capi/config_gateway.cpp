#include "capi/config_tables.h"
#include "capi/config_values.h"

namespace lbwire::capi {

namespace {

constexpr uint64_t ten_minutes_ms = 600'000;

void add_access_keys(config_table& table, gateway::options& options) {
  constexpr uint64_t year_ms = 365 * 24 * hour_ms;
  table.add<address_key>("tcp", options.listen, transport::parse_host_port, "127.0.0.1:2020",
                         "The address to listen on: HOST:PORT, an IPv6 address in brackets, port 0 for any that is "
                         "free.");
  table.add<secret_list_key>("tokens", options.tokens, text_length{1, max_token_bytes},
                             "Tokens that are accepted, each once; secrets. Others raise an auth event.");
  table.integer("connection_limit", options.limit, {0, UINT32_MAX},
                "Told to clients as the number of connections that they may have. It is not enforced.");
  table.section("session", "Sessions that clients may come back with.");
  table.integer("session.ttl_ms", options.session_ttl, {1, year_ms, unit::milliseconds},
                "How long a session lasts from auth or reconnect on.");
  table.section("auth", "Auth and reconnect.");
  table.integer("auth.timeout_ms", options.session_options.auth_timeout, {1, ten_minutes_ms, unit::milliseconds},
                "How long a client may take to send its first packet, and the program to answer an auth event.");
}

void add_stop_keys(config_table& table, gateway::options& options) {
  constexpr uint64_t minute_ms = 60'000;
  table.section("stop", "How connections are ended.");
  table.integer("stop.drain_ms", options.drain, {0, ten_minutes_ms, unit::milliseconds},
                "When the gateway stops, how long clients have to read what was sent to them.");
  table.integer("stop.linger_ms", options.session_options.linger, {0, minute_ms, unit::milliseconds},
                "How long one client has to read a Close before its connection is dropped.");
}

void add_request_keys(config_table& table, session::server_options& options) {
  auto& requests = options.requests;
  table.section("requests", "Business requests of the clients.");
  table.integer("requests.timeout_ms", requests.timeout, {1, wire::max_timeout_ms, unit::milliseconds},
                "How long the program may take to answer, where the request names no time itself. Then the gateway "
                "answers with status server_timeout.");
  table.integer("requests.max_in_flight", requests.max_in_flight, {1, 1'048'576},
                "How many requests of one connection may wait for the program's answers at a time.");
  table.integer("requests.compress_from_bytes", requests.compress_from, {0, wire::max_body_size, unit::bytes},
                "Bodies of answers and pushes of at least this size are sent compressed, if that makes them "
                "smaller; 0: "
                "never.");
}

void add_capacity_keys(config_table& table, gateway::options& options) {
  constexpr uint64_t most = 10'000'000;
  table.section("limits", "What the gateway holds at most.");
  table.integer("limits.max_connections", options.max_connections, {1, most},
                "Open connections. Further ones are closed as ServerError.");
  table.integer("limits.max_sessions", options.max_sessions, {1, most},
                "Sessions that may come back. For a further one, the one that expires first goes.");
  table.integer("limits.max_tokens", options.max_tokens, {1, most}, "Tokens that were not used yet.");
}

}  // namespace

config_table gateway_table(gateway::options& options) {
  session::server_options& session = options.session_options;
  config_table table;
  add_access_keys(table, options);
  add_delivery_keys(table, options.delivery);
  table.integer("threads", options.threads, {1, 64},
                "Event loops, each a thread, that the connections are spread over.");
  add_log_key(table, session.log_level);
  add_heartbeat_keys(table, session.heartbeat);
  add_stop_keys(table, options);
  add_request_keys(table, session);
  add_capacity_keys(table, options);
  add_limit_keys(table, session.limits, options.delivery);
  add_socket_keys(table, options.tcp);
  return table;
}

}  // namespace lbwire::capi
