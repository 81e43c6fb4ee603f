#include "capi/config_key.h"

#include <cmath>
#include <optional>

namespace lbwire::capi {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

// 250 and 250.0 are the same number to JSON, and to the languages that write it.
std::optional<uint64_t> as_integer(const json& value) {
  if (value.is_number_unsigned()) return value.get<uint64_t>();
  if (value.is_number_integer() && value.get<int64_t>() == 0) return 0;  // -0
  if (!value.is_number_float()) return std::nullopt;
  constexpr double exact_below = 9007199254740992.0;  // 2^53
  const double number = value.get<double>();
  if (!(number >= 0 && number <= exact_below) || number != std::floor(number)) return std::nullopt;
  return static_cast<uint64_t>(number);
}

std::string list_of(const std::vector<const char*>& names) {
  std::string list;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 < names.size() ? ", " : " or ";
    list += quoted(names[i]);
  }
  return list;
}

std::string bounds(uint64_t min, uint64_t max) {
  return std::to_string(min) + " to " + std::to_string(max);
}

}  // namespace

ordered_json config_key::schema() const {
  ordered_json out;
  const ordered_json all = constraints();
  out["description"] = std::string(meaning_) + " " + shape() +
                       (all.contains("default") ? "; default " + all["default"].dump() + "." : ".");
  out.update(all);
  return out;
}

uint64_t read_integer(const json& value, const integer_range& range, const std::string& path, secrecy secret) {
  const std::optional<uint64_t> number = as_integer(value);
  if (!number || *number < range.min || *number > range.max) {
    // No secret is a number, but one may stand where a number should.
    const std::string given = shown(value, value.is_number() ? secrecy::open : secret);
    refuse(path, "must be an integer from " + bounds(range.min, range.max) + ", not " + given);
  }
  return *number;
}

std::string integer_shape(const integer_range& range) {
  const char* name = "";
  switch (range.in) {
    case unit::none: name = "Integer"; break;
    case unit::bytes: name = "Bytes"; break;
    case unit::milliseconds: name = "Milliseconds"; break;
    case unit::seconds: name = "Seconds"; break;
  }
  return std::string(name) + ", " + bounds(range.min, range.max);
}

void flag_key::read(const json& value, const std::string& path) const {
  if (!value.is_boolean()) refuse(path, "must be true or false, not " + shown(value, secrecy::open));
  field_ = value.get<bool>();
}

ordered_json flag_key::constraints() const {
  return {{"type", "boolean"}, {"default", field_}};
}

size_t read_choice(const json& value, const std::vector<const char*>& names, const std::string& path) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (value == names[i]) return i;
  }
  refuse(path, "must be " + list_of(names) + (value.is_string() ? "" : ", not " + shown(value, secrecy::open)));
}

ordered_json choice_constraints(const std::vector<const char*>& names, const char* initial) {
  return {{"type", "string"}, {"enum", names}, {"default", initial}};
}

std::string choice_shape(const std::vector<const char*>& names) {
  return "One of " + list_of(names);
}

const std::string& read_text(const json& value, const text_length& length, const std::string& path) {
  const auto* const text = value.get_ptr<const std::string*>();
  if (text == nullptr) refuse(path, "must be a string, not " + shown(value, secrecy::secret));
  if (text->size() < length.min) refuse(path, "must not be empty");
  if (text->size() > length.max) {
    refuse(path, "may have " + std::to_string(length.max) + " bytes, not " + std::to_string(text->size()));
  }
  return *text;
}

ordered_json text_constraints(const text_length& length) {
  ordered_json out{{"type", "string"}};
  if (length.min > 0) out["minLength"] = length.min;
  out["maxLength"] = length.max;
  return out;
}

void text_key::read(const json& value, const std::string& path) const {
  field_ = read_text(value, length_, path);
}

ordered_json text_key::constraints() const {
  ordered_json out = text_constraints(length_);
  out["writeOnly"] = true;
  if (!required()) out["default"] = field_;
  return out;
}

std::string text_key::shape() const {
  return "Text, " + bounds(length_.min, length_.max) + " bytes";
}

}  // namespace lbwire::capi
