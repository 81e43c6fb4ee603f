#include "wire/handshake.h"

#include <charconv>

namespace lbwire::wire {

namespace {

constexpr unsigned nibble_mask = 0x0f;

handshake_status check(unsigned v, unsigned codec) noexcept {
  if (v != static_cast<unsigned>(version::v1) && v != static_cast<unsigned>(version::v2)) {
    return handshake_status::unsupported_version;
  }
  if (codec != static_cast<unsigned>(body_codec::protobuf) && codec != static_cast<unsigned>(body_codec::json)) {
    return handshake_status::unsupported_codec;
  }
  return handshake_status::ok;
}

bool read_number(std::string_view text, unsigned& out) noexcept {
  const char* const end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, out);
  return failure == std::errc() && at == end;
}

// Splits the front of `rest` off, up to the separator, which goes too.
std::string_view split(std::string_view& rest, char separator) noexcept {
  const size_t at = rest.find(separator);
  const std::string_view front = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return front;
}

}  // namespace

std::array<uint8_t, handshake_size> encode_handshake(const handshake& h) noexcept {
  return {static_cast<uint8_t>(static_cast<unsigned>(h.version) | static_cast<unsigned>(h.codec) << 4),
          static_cast<uint8_t>((h.platform & nibble_mask) | (h.reserve & nibble_mask) << 4)};
}

handshake_status decode_handshake(std::span<const uint8_t> in, handshake& out) noexcept {
  if (in.size() < handshake_size) return handshake_status::incomplete;
  const unsigned v = in[0] & nibble_mask;
  const unsigned codec = unsigned{in[0]} >> 4;
  if (const handshake_status status = check(v, codec); status != handshake_status::ok) return status;
  out = {static_cast<version>(v), static_cast<body_codec>(codec), static_cast<uint8_t>(in[1] & nibble_mask),
         static_cast<uint8_t>(in[1] >> 4)};
  return handshake_status::ok;
}

std::string handshake_to_query(const handshake& h) {
  return "version=" + std::to_string(static_cast<unsigned>(h.version)) +
         "&codec=" + std::to_string(static_cast<unsigned>(h.codec)) +
         "&platform=" + std::to_string(h.platform & nibble_mask);
}

handshake_status handshake_from_query(std::string_view query, handshake& out) noexcept {
  if (query.starts_with('?')) query.remove_prefix(1);
  query = query.substr(0, query.find('#'));

  unsigned v = 0;
  unsigned codec = 0;
  unsigned client_platform = platform::unknown;
  bool has_version = false;
  bool has_codec = false;
  while (!query.empty()) {
    std::string_view value = split(query, '&');
    const std::string_view key = split(value, '=');
    if (key == "version") {
      if (!read_number(value, v)) return handshake_status::malformed;
      has_version = true;
    } else if (key == "codec") {
      if (!read_number(value, codec)) return handshake_status::malformed;
      has_codec = true;
    } else if (key == "platform") {
      if (!read_number(value, client_platform) || client_platform > nibble_mask) return handshake_status::malformed;
    }
  }
  if (!has_version || !has_codec) return handshake_status::incomplete;
  if (const handshake_status status = check(v, codec); status != handshake_status::ok) return status;
  out = {static_cast<version>(v), static_cast<body_codec>(codec), static_cast<uint8_t>(client_platform), 0};
  return handshake_status::ok;
}

const char* describe(handshake_status status) noexcept {
  switch (status) {
    case handshake_status::ok: return "ok";
    case handshake_status::incomplete: return "handshake is incomplete";
    case handshake_status::malformed: return "handshake is malformed";
    case handshake_status::unsupported_version: return "unsupported protocol version";
    case handshake_status::unsupported_codec: return "unsupported body codec";
  }
  return "unknown handshake status";
}

}  // namespace lbwire::wire
