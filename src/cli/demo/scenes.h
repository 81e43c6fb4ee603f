// The steps of the demo. Each does what its name says and waits until all of it happened; it returns facts
// for the step's JSON object, or throws step_failed.
#pragma once

#include "demo/stage.h"
#include "json.h"

namespace lbwire::cli {

// opening.cpp: a session, and what it is for
json authenticate(stage& on);
json exchange_heartbeats(stage& on);
json request_and_push(stage& on);
json lose_the_line(stage& on);

// closes.cpp: the seven closes. Their facts are code, name, origin, reason, reaction, close_ms, reaction_ms.
json heartbeat_timeout(stage& on);
json server_error(stage& on);
json server_shutdown(stage& on);
json unpack_error(stage& on);
json auth_error(stage& on);
json session_expired(stage& on);
json connect_duplicate(stage& on);

// Waits until a session that was lost is back, by the means of `kind` ("auth" or "reconnect"), and ready for
// requests; gives the session's entry.
journal::entry await_return(stage& on, const std::string& who, const std::string& kind, stage::moment since);

}  // namespace lbwire::cli
