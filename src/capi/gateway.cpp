// lbw_gateway_*: convert, call, convert back.
#include "gateway/gateway.h"

#include <nlohmann/json.hpp>

#include "capi/call.h"
#include "capi/config.h"

using namespace lbwire;
using capi::bad_argument;
using capi::fail;
using capi::with_gateway;

namespace {

template <class Function>
lbw_status set_handler(lbw_gateway handle, gateway::handler<Function> gateway::handlers::*which, Function fn,
                       void* user) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (g.set_handler(which, fn, user)) return LBW_OK;
    return fail(LBW_ERR_INVALID_STATE, g.queue() ? "with \"delivery\": \"queue\" events come from lbw_gateway_poll"
                                                 : "handlers are set before lbw_gateway_start");
  });
}

const char* why_refused(lbw_status status) {
  switch (status) {
    case LBW_ERR_NOT_FOUND: return "no such connection, or it does not wait for that (any more)";
    case LBW_ERR_QUEUE_FULL: return "too much waits to be sent to that peer already; go on after a writable event";
    default: return "";
  }
}

lbw_status told(lbw_status status) {
  return capi::told(status, why_refused(status));
}

}  // namespace

lbw_status lbw_gateway_create(const char* config_json, lbw_gateway* out) {
  return capi::call([&]() -> lbw_status {
    if (!config_json || !out) return bad_argument("config_json and gateway must not be NULL");
    *out = 0;
    std::string problem;
    auto options = capi::parse_gateway_config(config_json, problem);
    if (!options) return fail(LBW_ERR_INVALID_CONFIG, problem);
    capi::in_use();
    const auto created = gateway::gateway::create(std::move(*options));
    const uint64_t handle = capi::gateways().insert(created);
    if (handle == 0) return fail(LBW_ERR_NO_MEMORY, "this process has as many gateways as it can have");
    created->set_handle(handle);
    *out = handle;
    return LBW_OK;
  });
}

lbw_status lbw_gateway_on_auth(lbw_gateway handle, lbw_gateway_auth_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_auth, fn, user);
}
lbw_status lbw_gateway_on_session(lbw_gateway handle, lbw_gateway_session_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_session, fn, user);
}
lbw_status lbw_gateway_on_close(lbw_gateway handle, lbw_gateway_close_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_close, fn, user);
}
lbw_status lbw_gateway_on_heartbeat(lbw_gateway handle, lbw_gateway_heartbeat_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_heartbeat, fn, user);
}
lbw_status lbw_gateway_on_request(lbw_gateway handle, lbw_gateway_request_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_request, fn, user);
}
lbw_status lbw_gateway_on_writable(lbw_gateway handle, lbw_gateway_writable_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_writable, fn, user);
}
lbw_status lbw_gateway_on_log(lbw_gateway handle, lbw_gateway_log_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_log, fn, user);
}
lbw_status lbw_gateway_on_stopped(lbw_gateway handle, lbw_gateway_stopped_fn fn, void* user) {
  return set_handler(handle, &gateway::handlers::on_stopped, fn, user);
}

lbw_status lbw_gateway_on_released(lbw_gateway handle, lbw_released_fn fn, void* user) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    return g.set_handler(&gateway::handlers::on_released, fn, user, true)
               ? LBW_OK
               : fail(LBW_ERR_INVALID_STATE, "handlers are set before lbw_gateway_start");
  });
}

lbw_status lbw_gateway_start(lbw_gateway handle) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    std::string problem;
    const lbw_status status = g.start(problem);
    return status == LBW_OK ? LBW_OK : fail(status, std::move(problem));
  });
}

lbw_status lbw_gateway_address(lbw_gateway handle, char* buf, size_t cap, size_t* len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    const std::string address = g.address();
    if (address.empty()) return fail(LBW_ERR_INVALID_STATE, "the gateway was not started yet");
    return capi::give_text(address, buf, cap, len);
  });
}

lbw_status lbw_gateway_stop(lbw_gateway handle) {
  return with_gateway(handle, [](gateway::gateway& g) -> lbw_status {
    g.stop();
    return LBW_OK;
  });
}

lbw_status lbw_gateway_destroy(lbw_gateway handle) {
  return capi::call([&]() -> lbw_status {
    const auto removed = capi::gateways().remove(handle);
    if (!removed) return fail(LBW_ERR_INVALID_HANDLE, "no such gateway, or it was destroyed already");
    removed->destroy();
    return LBW_OK;
  });
}

lbw_status lbw_gateway_add_token(lbw_gateway handle, const char* token, size_t len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (const lbw_status bad = capi::check_token(token, len)) return bad;
    switch (g.add_token(std::string(token, len))) {
      case gateway::token_list::added::yes: return LBW_OK;
      case gateway::token_list::added::known_already: return bad_argument("that token waits to be used already");
      case gateway::token_list::added::full: break;
    }
    return fail(LBW_ERR_QUEUE_FULL, "\"limits.max_tokens\" tokens wait to be used already");
  });
}

lbw_status lbw_gateway_issue_token(lbw_gateway handle, char* buf, size_t cap, size_t* len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    const auto token = g.issue_token();
    if (!token) return fail(LBW_ERR_QUEUE_FULL, "\"limits.max_tokens\" tokens wait to be used already");
    const lbw_status status = capi::give_text(*token, buf, cap, len);
    if (status != LBW_OK) g.withdraw_token(*token);  // nobody will ever know it
    return status;
  });
}

lbw_status lbw_gateway_accept(lbw_gateway handle, uint64_t connection) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status { return told(g.accept(connection)); });
}

lbw_status lbw_gateway_refuse(lbw_gateway handle, uint64_t connection, const char* reason) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (const lbw_status bad = capi::check_reason(reason)) return bad;
    return told(g.refuse(connection, reason ? reason : "the token was refused"));
  });
}

lbw_status lbw_gateway_respond(lbw_gateway handle, uint64_t connection, uint32_t request_id, uint8_t status,
                               const void* body, size_t len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (const lbw_status bad = capi::check_packet(0xff, body, len)) return bad;
    return told(g.respond(connection, request_id, status, capi::as_bytes(body, len)));
  });
}

lbw_status lbw_gateway_push(lbw_gateway handle, uint64_t connection, uint8_t cmd, const void* body, size_t len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (const lbw_status bad = capi::check_packet(cmd, body, len)) return bad;
    return told(g.push(connection, cmd, capi::as_bytes(body, len)));
  });
}

lbw_status lbw_gateway_broadcast(lbw_gateway handle, uint8_t cmd, const void* body, size_t len, uint64_t* sent) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (const lbw_status bad = capi::check_packet(cmd, body, len)) return bad;
    uint64_t count = 0;
    const lbw_status status = g.broadcast(cmd, capi::as_bytes(body, len), count);
    if (sent) *sent = count;
    return told(status);
  });
}

lbw_status lbw_gateway_close(lbw_gateway handle, uint64_t connection, int32_t code, const char* reason) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (code < 0 || code > 255) return bad_argument("a close code is 0 to 255");
    if (const lbw_status bad = capi::check_reason(reason)) return bad;
    return told(g.close(connection, code, reason ? reason : ""));
  });
}

lbw_status lbw_gateway_sessions(lbw_gateway handle, char* buf, size_t cap, size_t* len) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    auto list = nlohmann::ordered_json::array();
    for (const gateway::connection_info& c : g.connections()) {
      list.push_back({{"connection", c.connection},
                      {"peer", c.peer},
                      {"authenticated", c.authenticated},
                      {"expires_ms", c.expires_ms},
                      {"rtt_us", c.rtt_us}});
    }
    return capi::give_text(list.dump(), buf, cap, len);
  });
}

lbw_status lbw_gateway_get_stats(lbw_gateway handle, lbw_gateway_stats* stats) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status { return capi::give_struct(g.stats(), stats); });
}

lbw_status lbw_gateway_poll(lbw_gateway handle, const lbw_event** event, int32_t timeout_ms) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (!event) return bad_argument("event is NULL");
    *event = nullptr;
    if (!g.queue()) return fail(LBW_ERR_INVALID_STATE, "events come by callback; set \"delivery\" to \"queue\"");
    return capi::told_of_poll(g.queue()->poll(event, timeout_ms));
  });
}

lbw_status lbw_gateway_poll_fd(lbw_gateway handle, int32_t* fd) {
  return with_gateway(handle, [&](gateway::gateway& g) -> lbw_status {
    if (!fd) return bad_argument("fd is NULL");
    *fd = -1;
    if (!g.queue()) return fail(LBW_ERR_INVALID_STATE, "events come by callback; set \"delivery\" to \"queue\"");
    return capi::told_of_poll(g.queue()->fd(fd));
  });
}
