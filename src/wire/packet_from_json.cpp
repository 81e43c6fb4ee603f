#include <charconv>
#include <limits>
#include <utility>

#include "wire/control_json.h"
#include "wire/control_message.h"
#include "wire/gzip.h"
#include "wire/hex.h"
#include "wire/metadata.h"
#include "wire/packet_json.h"

namespace lbwire::wire {

namespace {

using nlohmann::json;

// Stays within this file; the text names the key.
struct json_failure {
  std::string message;
};

[[noreturn]] void fail(std::string message) {
  throw json_failure{std::move(message)};
}

const json* find(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

template <typename Unsigned>
Unsigned read_unsigned(const json& object, const char* key, uint64_t max = std::numeric_limits<Unsigned>::max()) {
  const json* const value = find(object, key);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned() || value->get<uint64_t>() > max) {
    fail(std::string(key) + ": expected an integer from 0 to " + std::to_string(max));
  }
  return value->get<Unsigned>();
}

bool read_bool(const json& object, const char* key) {
  const json* const value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) fail(std::string(key) + ": expected true or false");
  return value->get<bool>();
}

uint64_t read_nonce(const json& object) {
  const json* const value = find(object, "nonce");
  if (value == nullptr || !value->is_string()) return read_unsigned<uint64_t>(object, "nonce");
  const auto& text = value->get_ref<const std::string&>();
  uint64_t nonce = 0;
  const auto [at, failure] = std::from_chars(text.data(), text.data() + text.size(), nonce);
  if (failure != std::errc() || at != text.data() + text.size()) fail("nonce: expected a decimal number of 64 bits");
  return nonce;
}

std::vector<uint8_t> read_hex(const json& object, const char* key) {
  std::vector<uint8_t> bytes;
  const json* const value = find(object, key);
  if (value == nullptr) return bytes;
  if (!value->is_string() || !from_hex(value->get_ref<const std::string&>(), bytes)) {
    fail(std::string(key) + ": expected a string with an even number of hex digits");
  }
  return bytes;
}

version read_version(const json& object, version default_version) {
  if (find(object, "version") == nullptr) return default_version;
  const auto number = read_unsigned<uint64_t>(object, "version");
  if (number != 1 && number != 2) fail("version: expected 1 or 2");
  return static_cast<version>(number);
}

packet_type read_type(const json& object) {
  if (const json* const value = find(object, "type"); value != nullptr && value->is_string()) {
    for (const packet_type type : {packet_type::request, packet_type::response, packet_type::push}) {
      if (value->get_ref<const std::string&>() == packet_type_name(type)) return type;
    }
  }
  fail("type: expected \"request\", \"response\" or \"push\"");
}

// A value that the packet has no room for is refused rather than lost.
void refuse_misplaced(const packet& p, const json& object) {
  const auto refuse = [&](const char* key, bool carried) {
    if (!carried) fail(std::string(key) + ": a " + packet_type_name(p.type) + " carries none");
  };
  refuse("request_id", p.request_id == 0 || p.type != packet_type::push);
  refuse("timeout_ms", p.timeout_ms == 0 || p.type == packet_type::request);
  refuse("status", p.status == 0 || p.type == packet_type::response);
  if (!p.verify && (p.nonce != 0 || !read_hex(object, "signature_hex").empty())) {
    fail("verify: must be true for a packet with nonce or signature_hex");
  }
}

packet read_header(const json& object) {
  packet p;
  p.type = read_type(object);
  if (find(object, "cmd") == nullptr) fail("cmd: missing");
  p.cmd = read_unsigned<uint8_t>(object, "cmd");
  p.request_id = read_unsigned<uint32_t>(object, "request_id");
  p.timeout_ms = read_unsigned<uint16_t>(object, "timeout_ms", max_timeout_ms);
  p.status = read_unsigned<uint8_t>(object, "status");
  p.gzip = read_bool(object, "gzip");
  p.verify = read_bool(object, "verify");
  p.nonce = read_nonce(object);
  refuse_misplaced(p, object);
  return p;
}

std::vector<uint8_t> read_metadata(const json& object, version v) {
  const json* const value = find(object, "metadata");
  if (value == nullptr || value->empty()) return {};
  if (!value->is_object()) fail("metadata: expected an object");
  if (v == version::v1) fail("metadata: a packet of version 1 carries none");
  std::vector<metadata_entry> entries;
  for (const auto& [key, item] : value->items()) {
    if (!item.is_string()) fail("metadata." + key + ": expected a string");
    entries.push_back({key, item.get_ref<const std::string&>()});
  }
  const std::optional<size_t> size = metadata_encoded_size(entries);
  if (!size) fail("metadata: strings may take 32767 bytes, all together 65535");
  std::vector<uint8_t> run(*size);
  encode_metadata(entries, run);
  return run;
}

std::vector<uint8_t> read_control(const json& control, const packet& p, body_codec codec) {
  if (!control.is_object()) fail("control: expected an object");
  std::vector<uint8_t> body;
  const bool known = visit_control_message(p, [&](const char* name, auto message) {
    if (const json* const given = find(control, "message"); given != nullptr && *given != name) {
      fail(std::string("control.message: the body of this packet is \"") + name + '"');
    }
    std::string wrong;
    if (!read_fields(control, message, wrong)) fail("control." + wrong + ": not a value of its type");
    encode(codec, message, body);
  });
  if (!known) fail("control: this type and cmd have no control message, give body_hex");
  return body;
}

std::vector<uint8_t> read_body(const json& object, const packet& p, body_codec codec) {
  const json* const control = find(object, "control");
  std::vector<uint8_t> body = find(object, "body_hex") != nullptr || control == nullptr
                                  ? read_hex(object, "body_hex")
                                  : read_control(*control, p, codec);
  if (p.gzip) {
    std::vector<uint8_t> compressed;
    deflate(body, compressed);
    body.swap(compressed);
  }
  if (body.size() > max_body_size) fail("body_hex: a body may take 16777215 bytes on the wire");
  return body;
}

std::vector<uint8_t> read_packet(const json& object, version default_version, body_codec codec) {
  if (!object.is_object()) fail("expected a JSON object");
  const version v = read_version(object, default_version);
  packet p = read_header(object);
  const std::vector<uint8_t> signature = read_hex(object, "signature_hex");
  if (p.verify && signature.size() != signature_size) fail("signature_hex: expected 16 bytes");
  const std::vector<uint8_t> metadata = read_metadata(object, v);
  const std::vector<uint8_t> body = read_body(object, p, codec);
  p.signature = signature;
  p.metadata = metadata;
  p.body = body;

  std::vector<uint8_t> bytes(encoded_size(p, v));
  if (encode(p, v, bytes) == 0) fail("the packet cannot be encoded");
  return bytes;
}

}  // namespace

std::optional<std::vector<uint8_t>> packet_from_json(std::string_view text, version default_version, json_error& error,
                                                     body_codec codec) {
  try {
    return read_packet(json::parse(text), default_version, codec);
  } catch (json_failure& failure) {
    error = {std::move(failure.message), 0};
  } catch (const json::parse_error& failure) {
    // Not the library's own text, which quotes what it read: that may be a token.
    error = {"not valid JSON", failure.byte > 0 ? failure.byte - 1 : 0};
  } catch (const json::exception&) {
    error = {"not valid JSON: a number is out of range", 0};
  }
  return std::nullopt;
}

}  // namespace lbwire::wire
