// An event as one JSON object. The shapes are an interface: programs read them, so keys are added, never
// renamed.
#pragma once

#include <lbwire/lbwire.h>

#include "json.h"

namespace lbwire::cli {

// Session ids are secrets, and are left out unless asked for.
enum class secrets { hide, show };

json to_json(const lbw_state_event& event);
json to_json(const lbw_session_event& event, secrets shown = secrets::hide);
json to_json(const lbw_close_event& event);
json to_json(const lbw_heartbeat_event& event);
json to_json(const lbw_push_event& event);
json to_json(const lbw_response_event& event);
json to_json(const lbw_token_event& event);
json to_json(const lbw_log_event& event);
json to_json(const lbw_dropped_event& event);
json to_json(const lbw_stopped_event& event);

// Whichever it is; null for an event that is not shown.
json to_json(const lbw_event& event, secrets shown);

json to_json(const lbw_client_stats& stats);
json to_json(const lbw_gateway_stats& stats);

const char* origin_name(int32_t origin);
const char* kind_name(int32_t kind);
const char* level_name(int32_t level);

}  // namespace lbwire::cli
