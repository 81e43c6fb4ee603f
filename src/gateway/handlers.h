// The host's callbacks, each with its own user pointer.
#pragma once

#include <lbwire/lbwire.h>

#include "link/handler.h"

namespace lbwire::gateway {

using link::handler;

struct handlers {
  handler<lbw_gateway_auth_fn> on_auth;
  handler<lbw_gateway_session_fn> on_session;
  handler<lbw_gateway_close_fn> on_close;
  handler<lbw_gateway_heartbeat_fn> on_heartbeat;
  handler<lbw_gateway_request_fn> on_request;
  handler<lbw_gateway_writable_fn> on_writable;
  handler<lbw_gateway_log_fn> on_log;
  handler<lbw_gateway_stopped_fn> on_stopped;
  handler<lbw_released_fn> on_released;
};

}  // namespace lbwire::gateway
