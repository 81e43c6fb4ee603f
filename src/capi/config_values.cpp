#include "capi/config_values.h"

#include <map>

#include "capi/config_table.h"
#include "capi/config_tables.h"
#include "capi/config_text.h"

namespace lbwire::capi {

using nlohmann::json;
using nlohmann::ordered_json;
using session::close_action;

// ---- address_key ----

namespace {

// What no host name has in it, and what a resolver would read only the front of.
bool has_blank_or_control(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return true;
  }
  return false;
}

constexpr text_length address_length{1, 1024};

}  // namespace

void address_key::read(const json& value, const std::string& path) const {
  const std::string& text = read_text(value, address_length, path);
  if (has_blank_or_control(text)) refuse(path, "must have no spaces or control characters in it");
  std::string problem;
  std::optional<transport::endpoint> parsed = parse_(text, problem);
  if (!parsed) refuse(path, problem);
  field_ = std::move(*parsed);
}

ordered_json address_key::constraints() const {
  ordered_json out = text_constraints(address_length);
  out["examples"] = {example_};
  return out;
}

std::string address_key::shape() const {
  return "As in " + quoted(example_);
}

// ---- string_map_key ----

void string_map_key::read(const json& value, const std::string& path) const {
  if (!value.is_object()) refuse(path, "must be an object of strings, not " + shown(value, secrecy::secret));
  wire::string_map map;
  size_t bytes = 0;
  for (const auto& [name, member] : value.items()) {
    const std::string& text = read_text(member, {0, max_bytes_}, join_path(path, name));
    bytes += name.size() + text.size();
    map.emplace(name, text);
  }
  if (bytes > max_bytes_) {
    refuse(path,
           "names and values may have " + std::to_string(max_bytes_) + " bytes in all, not " + std::to_string(bytes));
  }
  field_ = std::move(map);
}

ordered_json string_map_key::constraints() const {
  return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}, {"default", ordered_json(field_)}};
}

std::string string_map_key::shape() const {
  return "Object of strings, names and values up to " + std::to_string(max_bytes_) + " bytes in all";
}

// ---- secret_list_key ----

void secret_list_key::read(const json& value, const std::string& path) const {
  if (!value.is_array()) refuse(path, "must be an array of strings, not " + shown(value, secrecy::secret));
  std::vector<std::string> list;
  std::map<std::string_view, size_t> places;
  for (const json& item : value) {
    const std::string at = join_path(path, list.size());
    const std::string& text = read_text(item, length_, at);
    const auto [same, fresh] = places.emplace(text, list.size());
    if (!fresh) refuse(at, "the same as " + join_path(path, same->second));
    list.push_back(text);
  }
  field_ = std::move(list);
}

ordered_json secret_list_key::constraints() const {
  return {{"type", "array"},
          {"items", text_constraints(length_)},
          {"uniqueItems", true},
          {"writeOnly", true},
          {"default", ordered_json(field_)}};
}

std::string secret_list_key::shape() const {
  return "Array of strings, each " + std::to_string(length_.min) + " to " + std::to_string(length_.max) +
         " bytes, no two the same";
}

// ---- session_key ----

namespace {

constexpr uint64_t latest_unix_ms = (uint64_t{1} << 53) - 1;  // what every JSON reader keeps exactly

config_table session_table(session::resumable_session& session) {
  config_table table;
  table.add<text_key>("session_id", session.id, text_length{1, max_token_bytes}, "The session's name, a secret.",
                      need::required);
  table.add<integer_key<int64_t>>("expires_ms", session.expires_ms,
                                  integer_range{0, latest_unix_ms, unit::milliseconds},
                                  "Unix time until which the session may be used.", need::required, secrecy::secret);
  return table;
}

}  // namespace

void session_key::read(const json& value, const std::string& path) const {
  if (!value.is_object() && !value.is_string()) {
    refuse(path, "must be an object or its JSON text, not " + shown(value, secrecy::secret));
  }
  session::resumable_session session;
  const config_table table = session_table(session);
  if (value.is_object()) {
    table.read(value, path);
  } else {
    table.read(read_config_text(value.get_ref<const std::string&>(), path), path);
  }
  field_ = std::move(session);
}

ordered_json session_key::constraints() const {
  session::resumable_session session;
  ordered_json object = session_table(session).schema("The session as an object.");
  ordered_json text{{"description", "The same object as JSON text."},
                    {"type", "string"},
                    {"contentMediaType", "application/json"},
                    {"contentSchema", object}};
  ordered_json out;
  out["anyOf"].push_back(std::move(object));
  out["anyOf"].push_back(std::move(text));
  out["writeOnly"] = true;
  out["examples"].push_back({{"session_id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}, {"expires_ms", 1893456000000}});
  return out;
}

std::string session_key::shape() const {
  return "Object with session_id and expires_ms, or its JSON text; by default there is none";
}

// ---- close_action_key ----

namespace {

choices<close_action> close_actions() {
  return {{"resume", close_action::resume},
          {"resume_at_once", close_action::resume_at_once},
          {"reauth", close_action::reauth},
          {"reauth_at_once", close_action::reauth_at_once},
          {"stop", close_action::stop}};
}

}  // namespace

void close_action_key::read(const json& value, const std::string& path) const {
  const choices<close_action> all = close_actions();
  overrides_[code_] = all[read_choice(value, names_of(all), path)].second;
}

ordered_json close_action_key::constraints() const {
  const session::close_rule rule = session::close_rule_for(code_, overrides_);
  return choice_constraints(names_of(close_actions()), name_of(close_actions(), rule.action));
}

std::string close_action_key::shape() const {
  return choice_shape(names_of(close_actions()));
}

}  // namespace lbwire::capi
