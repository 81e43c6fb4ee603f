// An event as one line for people. What a peer wrote is escaped, since a terminal would act on it.
#pragma once

#include <lbwire/lbwire.h>

#include <string>

#include "event_json.h"

namespace lbwire::cli {

// Empty for an event that is not shown.
std::string to_text(const lbw_event& event, secrets shown);

// "6 ConnectDuplicate", "ConnectionLost"
std::string show_close(int32_t code);

}  // namespace lbwire::cli
