// One packet: its fields, and its bytes on the wire. Nothing here allocates, copies a body on reading, or
// looks at a clock; a decoded packet is a view into the bytes it was decoded from and dies with them.
//
// Reading is liberal where the protocol allows it: reserved bits may hold anything, and a timeout above 60000
// ms is reported as it stands. Writing is strict: reserved bits are 0, and what the protocol forbids is
// refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/byte_order.h"

namespace lbwire::wire {

enum class packet_type : uint8_t { request = 1, response = 2, push = 3 };
enum class version : uint8_t { v1 = 1, v2 = 2 };

inline constexpr size_t max_body_size = (size_t{1} << 24) - 1;
inline constexpr size_t max_metadata_size = 65535;
inline constexpr size_t nonce_size = 8;
inline constexpr size_t signature_size = 16;
inline constexpr uint16_t max_timeout_ms = 60000;

struct packet {
  packet_type type = packet_type::push;
  uint8_t cmd = 0;
  uint8_t status = 0;  // responses only
  bool gzip = false;
  bool verify = false;
  uint16_t timeout_ms = 0;             // requests only
  uint32_t request_id = 0;             // requests and responses
  uint64_t nonce = 0;                  // if verify
  std::span<const uint8_t> metadata;   // version 2: the raw run, see wire/metadata.h
  std::span<const uint8_t> body;       // as on the wire: compressed if gzip
  std::span<const uint8_t> signature;  // 16 bytes if verify, else empty
};

enum class decode_status : uint8_t {
  ok,
  incomplete,  // all is well so far, but the packet goes on
  bad_type,    // a type other than request, response and push: the stream cannot be followed any further
  too_large,   // the header announces more than the caller allows
};

struct decode_result {
  decode_status status = decode_status::incomplete;
  size_t size = 0;    // ok: bytes taken. incomplete: bytes needed in all, as far as can be told so far
  size_t offset = 0;  // on an error: where the offending byte or length field is
};

constexpr size_t header_size(packet_type type, version v) noexcept {
  const size_t base = type == packet_type::request ? 11u : type == packet_type::response ? 10u : 5u;
  return base + (v == version::v2 ? 2u : 0u);
}

inline constexpr size_t min_packet_size = header_size(packet_type::push, version::v1);
inline constexpr size_t max_packet_size =
    header_size(packet_type::request, version::v2) + max_metadata_size + max_body_size + nonce_size + signature_size;

// Takes one packet from the front of `in`, of at most `limit` bytes from its first header byte to the end of
// its signature. `out` is written only when the result is ok, and then has every field set (zero where the
// type carries none). The size check comes as soon as the header is there, so nobody waits for, or makes room
// for, a packet that will not be accepted.
inline decode_result decode(std::span<const uint8_t> in, version v, size_t limit, packet& out) noexcept {
  const bool v2 = v == version::v2;
  if (in.empty()) return {decode_status::incomplete, header_size(packet_type::push, v), 0};

  const uint8_t* const begin = in.data();
  const uint8_t flags = begin[0];
  const unsigned type_bits = flags & 0x0fu;
  if (type_bits - 1u > 2u) return {decode_status::bad_type, 0, 0};

  const auto type = static_cast<packet_type>(type_bits);
  const size_t header = header_size(type, v);
  if (in.size() < header) return {decode_status::incomplete, header, 0};

  const size_t lengths_at = header - (v2 ? 5u : 3u);
  const size_t metadata_size = v2 ? load_be16(begin + lengths_at) : 0u;
  const size_t body_size = load_be24(begin + header - 3);
  const bool verify = (flags & 0x10u) != 0;
  const size_t size = header + metadata_size + body_size + (verify ? nonce_size + signature_size : 0u);
  if (size > limit) return {decode_status::too_large, 0, lengths_at};
  if (in.size() < size) return {decode_status::incomplete, size, 0};

  out.type = type;
  out.cmd = begin[1];
  out.gzip = (flags & 0x20u) != 0;
  out.verify = verify;
  out.request_id = type == packet_type::push ? 0u : load_be32(begin + 2);
  out.timeout_ms = type == packet_type::request ? load_be16(begin + 6) : uint16_t{0};
  out.status = type == packet_type::response ? begin[6] : uint8_t{0};
  const uint8_t* const body = begin + header + metadata_size;
  out.metadata = {begin + header, metadata_size};
  out.body = {body, body_size};
  if (verify) {
    out.nonce = load_be64(body + body_size);
    out.signature = {body + body_size + nonce_size, signature_size};
  } else {
    out.nonce = 0;
    out.signature = {};
  }
  return {decode_status::ok, size, 0};
}

// Whether encode() will take this packet: a known type, lengths within their fields, no metadata in version
// 1, a timeout of at most 60000 ms, and 16 bytes of signature if verify is set. Fields that the type does not
// carry, and nonce and signature without verify, are ignored.
inline bool encodable(const packet& p, version v) noexcept {
  return static_cast<unsigned>(p.type) - 1u <= 2u && p.body.size() <= max_body_size &&
         p.metadata.size() <= (v == version::v2 ? max_metadata_size : 0u) &&
         (p.type != packet_type::request || p.timeout_ms <= max_timeout_ms) &&
         (!p.verify || p.signature.size() == signature_size);
}

// The bytes that an encodable packet takes.
inline size_t encoded_size(const packet& p, version v) noexcept {
  return header_size(p.type, v) + p.metadata.size() + p.body.size() + (p.verify ? nonce_size + signature_size : 0u);
}

// Writes the packet to the front of `out`, which must not overlap what the packet points to, and returns the
// bytes written: encoded_size(), or 0, with nothing written, if the packet is not encodable or does not fit.
inline size_t encode(const packet& p, version v, std::span<uint8_t> out) noexcept {
  const size_t size = encoded_size(p, v);
  if (!encodable(p, v) || out.size() < size) return 0;

  uint8_t* at = out.data();
  at[0] = static_cast<uint8_t>(static_cast<unsigned>(p.type) | (p.verify ? 0x10u : 0u) | (p.gzip ? 0x20u : 0u));
  at[1] = p.cmd;
  at += 2;
  if (p.type != packet_type::push) {
    store_be32(at, p.request_id);
    at += 4;
    if (p.type == packet_type::request) {
      store_be16(at, p.timeout_ms);
      at += 2;
    } else {
      *at++ = p.status;
    }
  }
  if (v == version::v2) {
    store_be16(at, static_cast<uint16_t>(p.metadata.size()));
    at += 2;
  }
  store_be24(at, static_cast<uint32_t>(p.body.size()));
  at += 3;
  at = std::copy(p.metadata.begin(), p.metadata.end(), at);
  at = std::copy(p.body.begin(), p.body.end(), at);
  if (p.verify) {
    store_be64(at, p.nonce);
    std::copy(p.signature.begin(), p.signature.end(), at + nonce_size);
  }
  return size;
}

// What a status means, for error texts: "unknown packet type".
const char* describe(decode_status status) noexcept;

// "request", "response" or "push".
const char* packet_type_name(packet_type type) noexcept;

}  // namespace lbwire::wire
