#include <algorithm>
#include <map>
#include <utility>

#include "wire/control_json.h"
#include "wire/control_message.h"
#include "wire/gzip.h"
#include "wire/hex.h"
#include "wire/metadata.h"
#include "wire/packet_json.h"

namespace lbwire::wire {

namespace {

using nlohmann::ordered_json;

bool read_exactly_one(version v, std::span<const uint8_t> bytes, packet& out, json_error& error) {
  const decode_result result = decode(bytes, v, max_packet_size, out);
  if (result.status == decode_status::incomplete) {
    error = {"packet is truncated: it takes at least " + std::to_string(result.size) + " bytes, there are " +
                 std::to_string(bytes.size()),
             bytes.size()};
    return false;
  }
  if (result.status != decode_status::ok) {
    error = {describe(result.status), result.offset};
    return false;
  }
  if (result.size < bytes.size()) {
    error = {std::to_string(bytes.size() - result.size) + " bytes follow the packet", result.size};
    return false;
  }
  return true;
}

// Keys in lower case, as they compare.
bool metadata_to_json(std::span<const uint8_t> run, ordered_json& out, json_error& error) {
  std::map<std::string, std::string_view> entries;
  metadata_reader reader(run);
  for (metadata_entry entry; reader.next(entry);) {
    std::string key(entry.key);
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    entries.insert_or_assign(std::move(key), entry.value);
  }
  if (const metadata_result result = reader.result(); result.status != metadata_status::ok) {
    error = {describe(result.status), result.offset};
    return false;
  }
  out = ordered_json::object();
  // The keys are known to differ: an insertion that looked for each among all before it would take quadratic
  // time.
  auto& items = out.get_ref<ordered_json::object_t&>();
  for (const auto& [key, value] : entries) items.push_back({key, std::string(value)});
  return true;
}

ordered_json header_to_json(version v, const packet& p) {
  ordered_json out;
  out["version"] = static_cast<unsigned>(v);
  out["type"] = packet_type_name(p.type);
  out["cmd"] = p.cmd;
  if (p.type != packet_type::push) out["request_id"] = p.request_id;
  if (p.type == packet_type::request) out["timeout_ms"] = p.timeout_ms;
  if (p.type == packet_type::response) out["status"] = p.status;
  out["gzip"] = p.gzip;
  out["verify"] = p.verify;
  if (p.verify) {
    out["nonce"] = std::to_string(p.nonce);
    out["signature_hex"] = to_hex(p.signature);
  }
  return out;
}

// Null if the body is not what the command's bodies are.
ordered_json control_to_json(const packet& p, body_codec codec, std::span<const uint8_t> body) {
  ordered_json out;
  visit_control_message(p, [&]<typename Message>(const char* name, Message message) {
    if (!decode(codec, body, message)) return;
    out["message"] = name;
    if constexpr (std::is_same_v<Message, close>) {
      out["code"] = message.code;
      out["name"] = close_code_name(message.code);
    }
    write_fields(message, out);
  });
  return out;
}

}  // namespace

std::optional<std::string> packet_to_json(version v, std::span<const uint8_t> bytes, json_error& error,
                                          body_codec codec, size_t max_inflated) {
  packet p;
  if (!read_exactly_one(v, bytes, p, error)) return std::nullopt;
  const auto offset_of = [&](std::span<const uint8_t> part) { return static_cast<size_t>(part.data() - bytes.data()); };

  ordered_json out = header_to_json(v, p);
  if (!p.metadata.empty() && !metadata_to_json(p.metadata, out["metadata"], error)) {
    error.offset += offset_of(p.metadata);
    return std::nullopt;
  }

  std::span<const uint8_t> body = p.body;
  std::vector<uint8_t> inflated;
  if (p.gzip) {
    if (const inflate_status status = inflate(p.body, inflated, max_inflated); status != inflate_status::ok) {
      error = {describe(status), offset_of(p.body)};
      return std::nullopt;
    }
    body = inflated;
  }
  out["body_hex"] = to_hex(body);
  if (ordered_json control = control_to_json(p, codec, body); !control.is_null()) out["control"] = std::move(control);
  out["packet_hex"] = to_hex(bytes);
  return dump(out);
}

}  // namespace lbwire::wire
