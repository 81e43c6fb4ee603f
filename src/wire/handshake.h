// What a client announces before its first packet: protocol version, body codec and platform. Two bytes over
// TCP, three query parameters over WebSocket. There is no reply.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/packet.h"

namespace lbwire::wire {

enum class body_codec : uint8_t { protobuf = 1, json = 2 };

// Values that have a name; a peer may send others, which are carried as they are.
namespace platform {
inline constexpr uint8_t unknown = 0, ios = 1, android = 2, web = 3, server = 4, desktop_mac = 5, desktop_windows = 6,
                         desktop_linux = 7, terminal = 8, openapi = 9;
}

inline constexpr size_t handshake_size = 2;

struct handshake {
  wire::version version = wire::version::v1;
  body_codec codec = body_codec::protobuf;
  uint8_t platform = platform::openapi;  // 4 bits on the wire
  uint8_t reserve = 0;                   // 4 bits on the wire, not in a query

  friend bool operator==(const handshake&, const handshake&) = default;
};

enum class handshake_status : uint8_t {
  ok,
  incomplete,  // fewer than two bytes, or a query without version or codec
  malformed,   // a query value that is no number of its range
  unsupported_version,
  unsupported_codec,
};

std::array<uint8_t, handshake_size> encode_handshake(const handshake& h) noexcept;

// Reads the first two bytes of `in`. `out` is written only when the result is ok.
handshake_status decode_handshake(std::span<const uint8_t> in, handshake& out) noexcept;

// "version=1&codec=1&platform=9"
std::string handshake_to_query(const handshake& h);

// Reads a URL's query, with or without its '?'. Other keys are skipped, the last of equal keys counts, and a
// missing platform is unknown. `out` is written only when the result is ok.
handshake_status handshake_from_query(std::string_view query, handshake& out) noexcept;

const char* describe(handshake_status status) noexcept;

}  // namespace lbwire::wire
