// What goes over the wire wherever requests or pushes are measured, and so in the bare loops too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "wire/packet.h"

namespace lbwire::bench {

inline constexpr size_t body_size = 100;
inline constexpr uint8_t business_cmd = 100;
inline constexpr size_t request_size = wire::header_size(wire::packet_type::request, wire::version::v1) + body_size;
inline constexpr size_t response_size = wire::header_size(wire::packet_type::response, wire::version::v1) + body_size;
inline constexpr size_t push_size = wire::header_size(wire::packet_type::push, wire::version::v1) + body_size;

}  // namespace lbwire::bench
