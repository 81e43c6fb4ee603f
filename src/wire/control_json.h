// Control messages as JSON. Defined for each message of wire/control.h. Kept to the .cpp files of this layer:
// whoever includes it needs nlohmann-json.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace lbwire::wire {

// The JSON codec: default values are not written. False, with `out` as it was, if the body is malformed.
template <typename Message>
bool decode_json(std::span<const uint8_t> body, Message& out);

template <typename Message>
void encode_json(const Message& message, std::vector<uint8_t>& out);

// Reads the fields from an object that may hold others. On failure `wrong` is the key whose value does not
// fit, or empty if there is no object.
template <typename Message>
bool read_fields(const nlohmann::json& object, Message& out, std::string& wrong);

// Sets every field in `object`, default values too; an optional that is not there is left out.
template <typename Message>
void write_fields(const Message& message, nlohmann::ordered_json& object);

// Text that is not UTF-8 is repaired rather than refused.
std::string dump(const nlohmann::ordered_json& value);

}  // namespace lbwire::wire
