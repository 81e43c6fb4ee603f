// lbw_client_*: convert, call, convert back.
#include "client/client.h"

#include <nlohmann/json.hpp>

#include "capi/call.h"
#include "capi/config.h"

using namespace lbwire;
using capi::bad_argument;
using capi::fail;
using capi::with_client;

namespace {

template <class Function>
lbw_status set_handler(lbw_client handle, client::handler<Function> client::handlers::*which, Function fn, void* user) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (c.set_handler(which, fn, user)) return LBW_OK;
    return fail(LBW_ERR_INVALID_STATE, c.queue() ? "with \"delivery\": \"queue\" events come from lbw_client_poll"
                                                 : "handlers are set before lbw_client_connect");
  });
}

const char* why_refused(lbw_status status) {
  switch (status) {
    case LBW_ERR_NOT_READY: return "no session is ready; see the state, or set \"requests.when_not_ready\" to \"wait\"";
    case LBW_ERR_QUEUE_FULL: return "too much waits to be sent or answered already; go on after a writable event";
    case LBW_ERR_NOT_FOUND: return "no such request, or it has ended already";
    default: return "";
  }
}

}  // namespace

lbw_status lbw_client_create(const char* config_json, lbw_client* out) {
  return capi::call([&]() -> lbw_status {
    if (!config_json || !out) return bad_argument("config_json and client must not be NULL");
    *out = 0;
    std::string problem;
    auto options = capi::parse_client_config(config_json, problem);
    if (!options) return fail(LBW_ERR_INVALID_CONFIG, problem);
    capi::in_use();
    const auto created = client::client::create(std::move(*options));
    const uint64_t handle = capi::clients().insert(created);
    if (handle == 0) return fail(LBW_ERR_NO_MEMORY, "this process has as many clients as it can have");
    created->set_handle(handle);
    *out = handle;
    return LBW_OK;
  });
}

lbw_status lbw_client_on_state(lbw_client handle, lbw_client_state_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_state, fn, user);
}
lbw_status lbw_client_on_session(lbw_client handle, lbw_client_session_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_session, fn, user);
}
lbw_status lbw_client_on_close(lbw_client handle, lbw_client_close_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_close, fn, user);
}
lbw_status lbw_client_on_heartbeat(lbw_client handle, lbw_client_heartbeat_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_heartbeat, fn, user);
}
lbw_status lbw_client_on_push(lbw_client handle, lbw_client_push_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_push, fn, user);
}
lbw_status lbw_client_on_token(lbw_client handle, lbw_client_token_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_token, fn, user);
}
lbw_status lbw_client_on_log(lbw_client handle, lbw_client_log_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_log, fn, user);
}
lbw_status lbw_client_on_writable(lbw_client handle, lbw_client_writable_fn fn, void* user) {
  return set_handler(handle, &client::handlers::on_writable, fn, user);
}

lbw_status lbw_client_on_released(lbw_client handle, lbw_released_fn fn, void* user) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    return c.set_handler(&client::handlers::on_released, fn, user, true)
               ? LBW_OK
               : fail(LBW_ERR_INVALID_STATE, "handlers are set before lbw_client_connect");
  });
}

lbw_status lbw_client_connect(lbw_client handle) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    return c.connect() ? LBW_OK : fail(LBW_ERR_INVALID_STATE, "the client is connected, or connecting, already");
  });
}

lbw_status lbw_client_disconnect(lbw_client handle) {
  return with_client(handle, [](client::client& c) -> lbw_status {
    c.disconnect();
    return LBW_OK;
  });
}

lbw_status lbw_client_destroy(lbw_client handle) {
  return capi::call([&]() -> lbw_status {
    const auto removed = capi::clients().remove(handle);
    if (!removed) return fail(LBW_ERR_INVALID_HANDLE, "no such client, or it was destroyed already");
    removed->destroy();
    return LBW_OK;
  });
}

lbw_status lbw_client_set_token(lbw_client handle, const char* token, size_t len) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (const lbw_status bad = capi::check_token(token, len)) return bad;
    c.set_token(std::string(token, len));
    return LBW_OK;
  });
}

lbw_status lbw_client_request(lbw_client handle, uint8_t cmd, const void* body, size_t len, uint32_t timeout_ms,
                              lbw_response_fn on_response, void* user, uint64_t* request) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (const lbw_status bad = capi::check_packet(cmd, body, len)) return bad;
    if (timeout_ms > wire::max_timeout_ms) return bad_argument("timeout_ms is at most 60000");
    if (!c.queue() && !on_response) return bad_argument("on_response is NULL, and delivery is by callback");
    if (c.queue() && on_response) return bad_argument("with \"delivery\": \"queue\" on_response must be NULL");
    const lbw_status status = c.request(cmd, capi::as_bytes(body, len), timeout_ms, on_response, user, request);
    if (status != LBW_OK) [[unlikely]]
      return fail(status, why_refused(status));
    return LBW_OK;
  });
}

lbw_status lbw_client_cancel(lbw_client handle, uint64_t request) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    const lbw_status status = c.cancel(request);
    return capi::told(status, why_refused(status));
  });
}

lbw_status lbw_client_state(lbw_client handle, int32_t* state) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (!state) return bad_argument("state is NULL");
    *state = c.state();
    return LBW_OK;
  });
}

lbw_status lbw_client_export_session(lbw_client handle, char* buf, size_t cap, size_t* len) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    const auto session = c.resumable();
    if (!session) return fail(LBW_ERR_NOT_FOUND, "there is no session yet, or it is over");
    const nlohmann::ordered_json json{{"session_id", session->id}, {"expires_ms", session->expires_ms}};
    return capi::give_text(json.dump(), buf, cap, len);
  });
}

lbw_status lbw_client_get_stats(lbw_client handle, lbw_client_stats* stats) {
  return with_client(handle, [&](client::client& c) -> lbw_status { return capi::give_struct(c.stats(), stats); });
}

lbw_status lbw_client_poll(lbw_client handle, const lbw_event** event, int32_t timeout_ms) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (!event) return bad_argument("event is NULL");
    *event = nullptr;
    if (!c.queue()) return fail(LBW_ERR_INVALID_STATE, "events come by callback; set \"delivery\" to \"queue\"");
    return capi::told_of_poll(c.queue()->poll(event, timeout_ms));
  });
}

lbw_status lbw_client_poll_fd(lbw_client handle, int32_t* fd) {
  return with_client(handle, [&](client::client& c) -> lbw_status {
    if (!fd) return bad_argument("fd is NULL");
    *fd = -1;
    if (!c.queue()) return fail(LBW_ERR_INVALID_STATE, "events come by callback; set \"delivery\" to \"queue\"");
    return capi::told_of_poll(c.queue()->fd(fd));
  });
}
