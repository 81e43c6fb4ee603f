#include "wire/control_json.h"

#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "wire/control_fields.h"

namespace lbwire::wire {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// What stands for a close code given by a name that we do not know.
constexpr int32_t unknown_code = -1;

template <typename Integer>
bool from_decimal(std::string_view text, Integer& out) {
  const char* const end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, out);
  return failure == std::errc() && at == end;
}

template <typename Integer, typename Source>
bool from_number(Source source, Integer& out) {
  if (!std::in_range<Integer>(source)) return false;
  out = static_cast<Integer>(source);
  return true;
}

// 6.0 and 1e3 are integers too.
template <typename Integer>
bool from_double(double source, Integer& out) {
  constexpr double below_int64 = -9223372036854775808.0;
  constexpr double above_uint64 = 18446744073709551616.0;
  if (std::trunc(source) != source || source < below_int64 || source >= above_uint64) return false;
  return source < 0 ? from_number(static_cast<int64_t>(source), out) : from_number(static_cast<uint64_t>(source), out);
}

template <typename Integer>
bool read_integer(const json& value, Integer& out) {
  if (value.is_number_unsigned()) return from_number(value.get<uint64_t>(), out);
  if (value.is_number_integer()) return from_number(value.get<int64_t>(), out);
  if (value.is_number_float()) return from_double(value.get<double>(), out);
  if (value.is_string()) return from_decimal(value.get_ref<const std::string&>(), out);
  return false;
}

bool read(const json& value, int64_t& out) {
  return read_integer(value, out);
}
bool read(const json& value, uint32_t& out) {
  return read_integer(value, out);
}
bool read(const json& value, uint64_t& out) {
  return read_integer(value, out);
}

bool read(const json& value, int32_t& out) {
  if (read_integer(value, out)) return true;
  if (!value.is_string()) return false;
  const auto& name = value.get_ref<const std::string&>();
  out = unknown_code;
  for (int32_t code = 0; code <= static_cast<int32_t>(close_code::connect_duplicate); ++code) {
    if (name == close_code_name(code)) out = code;
  }
  return true;
}

bool read(const json& value, std::optional<int32_t>& out) {
  return read_integer(value, out.emplace());
}

bool read(const json& value, std::string& out) {
  if (!value.is_string()) return false;
  out = value.get_ref<const std::string&>();
  return true;
}

bool read(const json& value, string_map& out) {
  if (!value.is_object()) return false;
  for (const auto& [key, item] : value.items()) {
    if (!item.is_string()) return false;
    out.insert_or_assign(key, item.get_ref<const std::string&>());
  }
  return true;
}

// Null is as good as absent.
const json* find(const json& object, const field& f) {
  for (const char* name : {f.name, f.camel_name}) {
    if (const auto found = object.find(name); found != object.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

template <typename Integer>
requires std::is_integral_v<Integer>
bool is_default(Integer value) {
  return value == 0;
}
bool is_default(const std::optional<int32_t>& value) {
  return !value;
}
bool is_default(const std::string& value) {
  return value.empty();
}
bool is_default(const string_map& value) {
  return value.empty();
}

template <typename Value>
ordered_json to_json_value(const Value& value) {
  return value;
}
ordered_json to_json_value(const std::optional<int32_t>& value) {
  return *value;
}
ordered_json to_json_value(const string_map& map) {
  ordered_json object = ordered_json::object();
  // The keys are known to differ: an insertion that looked for each among all before it would take quadratic
  // time.
  auto& items = object.get_ref<ordered_json::object_t&>();
  for (const auto& [key, value] : map) items.push_back({key, value});
  return object;
}

}  // namespace

template <typename Message>
bool read_fields(const json& object, Message& out, std::string& wrong) {
  wrong.clear();
  if (!object.is_object()) return false;
  Message message;
  for_each_field(message, [&](const field& f, auto& member) {
    const json* const value = find(object, f);
    if (value != nullptr && !read(*value, member)) wrong = f.name;
  });
  if (!wrong.empty()) return false;
  out = std::move(message);
  return true;
}

template <typename Message>
void write_fields(const Message& message, ordered_json& object) {
  for_each_field(message, [&]<typename Member>(const field& f, const Member& member) {
    if constexpr (std::is_same_v<Member, std::optional<int32_t>>) {
      if (!member) return;
    }
    object[f.name] = to_json_value(member);
  });
}

template <typename Message>
bool decode_json(std::span<const uint8_t> body, Message& out) {
  const json object = json::parse(body.begin(), body.end(), nullptr, /*allow_exceptions=*/false);
  std::string wrong;
  return read_fields(object, out, wrong);
}

template <typename Message>
void encode_json(const Message& message, std::vector<uint8_t>& out) {
  ordered_json object = ordered_json::object();
  for_each_field(message, [&](const field& f, const auto& member) {
    if (!is_default(member)) object[f.name] = to_json_value(member);
  });
  const std::string text = dump(object);
  out.insert(out.end(), text.begin(), text.end());
}

std::string dump(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

template bool read_fields(const json&, close&, std::string&);
template bool read_fields(const json&, heartbeat&, std::string&);
template bool read_fields(const json&, auth_request&, std::string&);
template bool read_fields(const json&, auth_response&, std::string&);
template bool read_fields(const json&, reconnect_request&, std::string&);
template bool read_fields(const json&, error&, std::string&);

template void write_fields(const close&, ordered_json&);
template void write_fields(const heartbeat&, ordered_json&);
template void write_fields(const auth_request&, ordered_json&);
template void write_fields(const auth_response&, ordered_json&);
template void write_fields(const reconnect_request&, ordered_json&);
template void write_fields(const error&, ordered_json&);

template bool decode_json(std::span<const uint8_t>, close&);
template bool decode_json(std::span<const uint8_t>, heartbeat&);
template bool decode_json(std::span<const uint8_t>, auth_request&);
template bool decode_json(std::span<const uint8_t>, auth_response&);
template bool decode_json(std::span<const uint8_t>, reconnect_request&);
template bool decode_json(std::span<const uint8_t>, error&);

template void encode_json(const close&, std::vector<uint8_t>&);
template void encode_json(const heartbeat&, std::vector<uint8_t>&);
template void encode_json(const auth_request&, std::vector<uint8_t>&);
template void encode_json(const auth_response&, std::vector<uint8_t>&);
template void encode_json(const reconnect_request&, std::vector<uint8_t>&);
template void encode_json(const error&, std::vector<uint8_t>&);

}  // namespace lbwire::wire
