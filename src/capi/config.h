// The JSON configuration of clients and gateways, and its schema. One table a kind says what there is: the
// parser and the schema both read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/options.h"
#include "gateway/options.h"

namespace lbwire::capi {

// Nothing, with the reason in `problem`, for a config that is refused: the full name of the key, then what is
// wrong, as in `reconnect.max_ms: must be an integer from 0 to 3600000, not "fast"`. No value of a secret key
// is in it.
std::optional<client::options> parse_client_config(std::string_view json, std::string& problem);
std::optional<gateway::options> parse_gateway_config(std::string_view json, std::string& problem);

// JSON Schema 2020-12 with "$defs" client and gateway. Static text, made by the first call.
const char* config_schema();

}  // namespace lbwire::capi
