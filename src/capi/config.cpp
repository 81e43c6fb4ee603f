#include "capi/config.h"

#include "capi/config_problem.h"
#include "capi/config_tables.h"
#include "capi/config_text.h"

namespace lbwire::capi {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Who lowers only the ceiling of the back-off means it to hold from the start; who sets both must mean an
// order.
void settle_back_off(session::back_off_options& back_off, const json& document) {
  if (back_off.initial <= back_off.max) return;
  if (document.contains("/reconnect/initial_ms"_json_pointer)) {
    throw config_refused{"reconnect.initial_ms: must not be more than reconnect.max_ms, which is " +
                         std::to_string(back_off.max.count())};
  }
  back_off.initial = back_off.max;
}

// A token that the gateway was given at its start and silently forgot would be hard to find.
void check_token_count(const gateway::options& options) {
  if (options.tokens.size() <= options.max_tokens) return;
  throw config_refused{"tokens: there are " + std::to_string(options.tokens.size()) +
                       ", more than limits.max_tokens, which is " + std::to_string(options.max_tokens)};
}

}  // namespace

std::optional<client::options> parse_client_config(std::string_view text, std::string& problem) {
  try {
    client::options options;
    const json document = read_config_text(text);
    client_table(options).read(document);
    settle_back_off(options.session_options.reconnect.back_off, document);
    return options;
  } catch (config_refused& refused) {
    problem = std::move(refused.problem);
    return std::nullopt;
  }
}

std::optional<gateway::options> parse_gateway_config(std::string_view text, std::string& problem) {
  try {
    gateway::options options;
    gateway_table(options).read(read_config_text(text));
    check_token_count(options);
    return options;
  } catch (config_refused& refused) {
    problem = std::move(refused.problem);
    return std::nullopt;
  }
}

const char* config_schema() {
  // Never freed: other threads of the program may still read it while the process exits.
  static const std::string* const text = [] {
    client::options client;
    gateway::options gateway;
    ordered_json schema;
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = "lbwire configuration";
    schema["anyOf"] = {{{"$ref", "#/$defs/client"}}, {{"$ref", "#/$defs/gateway"}}};
    ordered_json& definitions = schema["$defs"];
    definitions["client"] = client_table(client).schema("What lbw_client_create takes.");
    definitions["gateway"] = gateway_table(gateway).schema("What lbw_gateway_create takes.");
    return new std::string(schema.dump(2));
  }();
  return text->c_str();
}

}  // namespace lbwire::capi
