// Control messages as protobuf. Defined for each message of wire/control.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lbwire::wire {

// False, with `out` as it was, if the body is malformed. Groups, which proto3 does not have, count as
// malformed.
template <typename Message>
bool decode_protobuf(std::span<const uint8_t> body, Message& out);

template <typename Message>
void encode_protobuf(const Message& message, std::vector<uint8_t>& out);

}  // namespace lbwire::wire
