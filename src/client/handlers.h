// The host's callbacks, each with its own user pointer.
#pragma once

#include <lbwire/lbwire.h>

#include "link/handler.h"

namespace lbwire::client {

using link::handler;

struct handlers {
  handler<lbw_client_state_fn> on_state;
  handler<lbw_client_session_fn> on_session;
  handler<lbw_client_close_fn> on_close;
  handler<lbw_client_heartbeat_fn> on_heartbeat;
  handler<lbw_client_push_fn> on_push;
  handler<lbw_client_token_fn> on_token;
  handler<lbw_client_log_fn> on_log;
  handler<lbw_client_writable_fn> on_writable;
  handler<lbw_released_fn> on_released;
};

}  // namespace lbwire::client
