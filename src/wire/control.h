// The messages of commands 0 to 3, the error that a failed response carries, and their two body codecs.
//
// Protobuf bodies are what protobuf itself writes for proto/control.proto, byte for byte. JSON bodies are
// objects with the field names of that file, default values left out and enums as numbers; protobuf's JSON
// mapping (camelCase names, 64-bit integers as strings, enums by name) is read as well.
//
// A peer may send fields and enum values that we do not know: they are skipped, or kept as numbers. Text that
// is not UTF-8: in what people read (close::reason, error::msg) ill-formed bytes become U+FFFD, in both
// directions, so that a close code is not lost over its reason; in tokens, session ids and metadata it makes
// a body malformed, since an altered id would name something else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wire/handshake.h"

namespace lbwire::wire {

enum class command : uint8_t { close = 0, heartbeat = 1, auth = 2, reconnect = 3 };

constexpr bool is_control(uint8_t cmd) noexcept {
  return cmd <= static_cast<uint8_t>(command::reconnect);
}

enum class close_code : int32_t {
  heartbeat_timeout = 0,
  server_error = 1,
  server_shutdown = 2,
  unpack_error = 3,
  auth_error = 4,
  sess_expired = 5,
  connect_duplicate = 6,
};

// "HeartbeatTimeout" to "ConnectDuplicate"; "Unknown" for a code that has no name.
const char* close_code_name(int32_t code) noexcept;

enum class status_code : uint8_t {
  success = 0,
  server_timeout = 1,
  client_timeout = 2,
  bad_request = 3,
  bad_response = 4,
  unauthenticated = 5,
  permission_denied = 6,
  server_internal_error = 7,
  client_internal_error = 8,
};

// "success" to "client_internal_error"; "unknown" for a status that has no name.
const char* status_code_name(uint8_t status) noexcept;

struct close {
  int32_t code = 0;  // a close_code, or a number that a newer peer knows
  std::string reason;

  friend bool operator==(const close&, const close&) = default;
};

struct heartbeat {
  int64_t timestamp = 0;
  std::optional<int32_t> heartbeat_id;

  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

using string_map = std::map<std::string, std::string, std::less<>>;

struct auth_request {
  std::string token;
  string_map metadata;

  friend bool operator==(const auth_request&, const auth_request&) = default;
};

// The answer to a reconnect request has the same form.
struct auth_response {
  std::string session_id;
  int64_t expires = 0;  // Unix time in milliseconds
  uint32_t limit = 0;
  uint32_t online = 0;

  friend bool operator==(const auth_response&, const auth_response&) = default;
};

struct reconnect_request {
  std::string session_id;
  string_map metadata;

  friend bool operator==(const reconnect_request&, const reconnect_request&) = default;
};

struct error {
  uint64_t code = 0;
  std::string msg;

  friend bool operator==(const error&, const error&) = default;
};

// Each returns false, and leaves `out` as it was, for a body that is malformed.
bool decode(body_codec codec, std::span<const uint8_t> body, close& out);
bool decode(body_codec codec, std::span<const uint8_t> body, heartbeat& out);
bool decode(body_codec codec, std::span<const uint8_t> body, auth_request& out);
bool decode(body_codec codec, std::span<const uint8_t> body, auth_response& out);
bool decode(body_codec codec, std::span<const uint8_t> body, reconnect_request& out);
bool decode(body_codec codec, std::span<const uint8_t> body, error& out);

// Each appends the body to `out`.
void encode(body_codec codec, const close& message, std::vector<uint8_t>& out);
void encode(body_codec codec, const heartbeat& message, std::vector<uint8_t>& out);
void encode(body_codec codec, const auth_request& message, std::vector<uint8_t>& out);
void encode(body_codec codec, const auth_response& message, std::vector<uint8_t>& out);
void encode(body_codec codec, const reconnect_request& message, std::vector<uint8_t>& out);
void encode(body_codec codec, const error& message, std::vector<uint8_t>& out);

}  // namespace lbwire::wire
