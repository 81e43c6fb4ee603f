#include "wire/control.h"

#include "wire/control_json.h"
#include "wire/control_protobuf.h"

namespace lbwire::wire {

namespace {

template <typename Message>
bool decode_with(body_codec codec, std::span<const uint8_t> body, Message& out) {
  return codec == body_codec::json ? decode_json(body, out) : decode_protobuf(body, out);
}

template <typename Message>
void encode_with(body_codec codec, const Message& message, std::vector<uint8_t>& out) {
  if (codec == body_codec::json) {
    encode_json(message, out);
  } else {
    encode_protobuf(message, out);
  }
}

}  // namespace

bool decode(body_codec codec, std::span<const uint8_t> body, close& out) {
  return decode_with(codec, body, out);
}
bool decode(body_codec codec, std::span<const uint8_t> body, heartbeat& out) {
  return decode_with(codec, body, out);
}
bool decode(body_codec codec, std::span<const uint8_t> body, auth_request& out) {
  return decode_with(codec, body, out);
}
bool decode(body_codec codec, std::span<const uint8_t> body, auth_response& out) {
  return decode_with(codec, body, out);
}
bool decode(body_codec codec, std::span<const uint8_t> body, reconnect_request& out) {
  return decode_with(codec, body, out);
}
bool decode(body_codec codec, std::span<const uint8_t> body, error& out) {
  return decode_with(codec, body, out);
}

void encode(body_codec codec, const close& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}
void encode(body_codec codec, const heartbeat& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}
void encode(body_codec codec, const auth_request& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}
void encode(body_codec codec, const auth_response& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}
void encode(body_codec codec, const reconnect_request& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}
void encode(body_codec codec, const error& message, std::vector<uint8_t>& out) {
  encode_with(codec, message, out);
}

const char* close_code_name(int32_t code) noexcept {
  switch (static_cast<close_code>(code)) {
    case close_code::heartbeat_timeout: return "HeartbeatTimeout";
    case close_code::server_error: return "ServerError";
    case close_code::server_shutdown: return "ServerShutdown";
    case close_code::unpack_error: return "UnpackError";
    case close_code::auth_error: return "AuthError";
    case close_code::sess_expired: return "SessExpired";
    case close_code::connect_duplicate: return "ConnectDuplicate";
  }
  return "Unknown";
}

const char* status_code_name(uint8_t status) noexcept {
  switch (static_cast<status_code>(status)) {
    case status_code::success: return "success";
    case status_code::server_timeout: return "server_timeout";
    case status_code::client_timeout: return "client_timeout";
    case status_code::bad_request: return "bad_request";
    case status_code::bad_response: return "bad_response";
    case status_code::unauthenticated: return "unauthenticated";
    case status_code::permission_denied: return "permission_denied";
    case status_code::server_internal_error: return "server_internal_error";
    case status_code::client_internal_error: return "client_internal_error";
  }
  return "unknown";
}

}  // namespace lbwire::wire
