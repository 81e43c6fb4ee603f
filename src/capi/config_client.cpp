#include "capi/config_tables.h"
#include "capi/config_values.h"

namespace lbwire::capi {

namespace {

void add_server_keys(config_table& table, client::options& options) {
  table.add<address_key>(
      "url", options.server, transport::parse_url, "tcp://gateway.example:2020",
      "The gateway: tcp://HOST[:PORT], an IPv6 address in brackets, the port 2020 if there is none.");
  table.add<text_key>("token", options.token, text_length{0, max_token_bytes},
                      "The one-time token of the first auth, a secret. Empty: none; then, as whenever a fresh one is "
                      "needed, a token event asks for it.");
  table.add<session_key>("session", options.session,
                         "A session to come back with, a secret, as lbw_client_export_session gave it. While it has "
                         "not expired the client resumes it, and needs no token.");
  table.add<string_map_key>("metadata", options.session_options.metadata, max_metadata_bytes,
                            "Sent with auth and reconnect, for the gateway to read.");
}

void add_handshake_keys(config_table& table, wire::handshake& handshake) {
  table.section("protocol", "What the client announces before its first packet.");
  table.integer("protocol.version", handshake.version, {1, 2}, "Version of the packet format.");
  table.choice("protocol.codec", handshake.codec,
               {{"protobuf", wire::body_codec::protobuf}, {"json", wire::body_codec::json}},
               "How the bodies of control packets are written: auth, reconnect, heartbeat, close.");
  table.integer("protocol.platform", handshake.platform, {0, 15},
                "Kind of client: 0 unknown, 1 iOS, 2 Android, 3 web, 4 server, 5 macOS, 6 Windows, 7 Linux, "
                "8 terminal, "
                "9 OpenAPI; others are sent as they are.");
}

void add_deadline_keys(config_table& table, session::client_options& options) {
  constexpr uint64_t ten_minutes = 600'000;
  table.section("connect", "Connecting.");
  table.integer("connect.timeout_ms", options.connect_timeout, {1, ten_minutes, unit::milliseconds},
                "How long resolving the name and connecting may take together.");
  table.section("auth", "Auth and reconnect, on a connection that is up.");
  table.integer("auth.timeout_ms", options.auth_timeout, {1, ten_minutes, unit::milliseconds},
                "How long the gateway may take to answer auth or reconnect.");
  table.integer("auth.token_timeout_ms", options.token_timeout, {1, hour_ms, unit::milliseconds},
                "How long the program may take to answer a token event with lbw_client_set_token.");
}

void add_close_action_keys(config_table& table, session::close_action_overrides& on) {
  table.section("reconnect.on",
                "What to do when a connection ends so. \"resume\": come back with the session, after the back-off. "
                "\"reauth\": come back with a fresh token, after the back-off. \"..._at_once\": likewise, but the "
                "first "
                "time without delay. \"stop\": stay closed.");
  const auto key = [&](const char* path, int32_t code, const char* meaning) {
    table.add<close_action_key>(path, on, code, meaning);
  };
  key("reconnect.on.HeartbeatTimeout", LBW_CLOSE_HEARTBEAT_TIMEOUT,
      "A heartbeat went unanswered: the gateway says so, or did not answer ours.");
  key("reconnect.on.ServerError", LBW_CLOSE_SERVER_ERROR, "The gateway met with an error.");
  key("reconnect.on.ServerShutdown", LBW_CLOSE_SERVER_SHUTDOWN,
      "The gateway shuts down. Even the first attempt is delayed at random, so that a fleet does not return "
      "at once.");
  key("reconnect.on.UnpackError", LBW_CLOSE_UNPACK_ERROR,
      "The gateway cannot parse what was sent, or sent what cannot be parsed. The client fails after 3 in a "
      "row.");
  key("reconnect.on.AuthError", LBW_CLOSE_AUTH_ERROR, "The token was refused. The client fails after 2 in a row.");
  key("reconnect.on.SessExpired", LBW_CLOSE_SESSION_EXPIRED, "The session expired, or resuming it was refused.");
  key("reconnect.on.ConnectDuplicate", LBW_CLOSE_CONNECT_DUPLICATE, "Another connection took the session over.");
  key("reconnect.on.ConnectionLost", LBW_CLOSE_CONNECTION_LOST, "The connection ended without a Close.");
  key("reconnect.on.AuthTimeout", LBW_CLOSE_AUTH_TIMEOUT, "The gateway did not answer within auth.timeout_ms.");
  key("reconnect.on.Unknown", session::unknown_close_code, "A close code that the protocol does not name.");
}

void add_reconnect_keys(config_table& table, session::client_options& options) {
  auto& reconnect = options.reconnect;
  table.section("reconnect",
                "Coming back by itself: the first attempt at once, then after a random delay below a ceiling that "
                "doubles from initial_ms to max_ms.");
  table.flag("reconnect.enabled", reconnect.enabled,
             "Whether the client comes back by itself. If not, every end of a connection is final.");
  table.integer("reconnect.initial_ms", reconnect.back_off.initial, {0, hour_ms, unit::milliseconds},
                "Ceiling of the first delay; at most max_ms. If only max_ms is given and is less than the default, "
                "max_ms counts.");
  table.integer("reconnect.max_ms", reconnect.back_off.max, {0, hour_ms, unit::milliseconds},
                "Ceiling of every delay.");
  table.integer("reconnect.stable_ms", reconnect.stable, {0, hour_ms, unit::milliseconds},
                "Once a session was ready for so long, delays and counts start over.");
  table.integer("reconnect.max_attempts", reconnect.max_attempts, {0, UINT32_MAX},
                "Attempts in a row after which the client fails; 0: no limit.");
  add_close_action_keys(table, reconnect.on);
}

void add_request_keys(config_table& table, session::client_options& options) {
  auto& requests = options.requests;
  table.section("requests", "Business requests of the program.");
  table.choice("requests.when_not_ready", requests.wait_when_not_ready, {{"fail", false}, {"wait", true}},
               "A request made while no session is ready. \"fail\": LBW_ERR_NOT_READY. \"wait\": it is sent "
               "once there "
               "is a session, within its timeout.");
  table.integer("requests.timeout_ms", requests.timeout, {1, wire::max_timeout_ms, unit::milliseconds},
                "How long an answer may take, for a request that names no time itself.");
  table.integer("requests.max_in_flight", requests.max_in_flight, {1, 1'048'576},
                "How many requests may wait for their answers at a time; beyond it LBW_ERR_QUEUE_FULL.");
  table.integer("requests.compress_from_bytes", requests.compress_from, {0, wire::max_body_size, unit::bytes},
                "Bodies of at least this size are sent compressed, if that makes them smaller; 0: never.");
}

}  // namespace

config_table client_table(client::options& options) {
  session::client_options& session = options.session_options;
  config_table table;
  add_server_keys(table, options);
  add_delivery_keys(table, options.delivery);
  table.integer("threads", options.threads, {1, 64},
                "Event loops, each a thread, that the clients of this process are spread over.");
  add_log_key(table, session.log_level);
  add_handshake_keys(table, session.handshake);
  add_deadline_keys(table, session);
  add_heartbeat_keys(table, session.heartbeat);
  add_reconnect_keys(table, session);
  add_request_keys(table, session);
  table.section("limits", "What the client holds at most.");
  add_limit_keys(table, session.limits, options.delivery);
  add_socket_keys(table, options.tcp);
  return table;
}

}  // namespace lbwire::capi
