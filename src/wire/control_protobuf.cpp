#include "wire/control_protobuf.h"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "wire/control_fields.h"
#include "wire/utf8.h"

namespace lbwire::wire {

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::pbf_writer;

struct ill_formed_text : protozero::exception {};

constexpr uint32_t map_key = 1;
constexpr uint32_t map_value = 2;

std::string_view to_string_view(protozero::data_view view) {
  return {view.data(), view.size()};
}

void read(pbf_reader& in, const field&, int32_t& out) {
  out = in.get_int32();
}
void read(pbf_reader& in, const field&, int64_t& out) {
  out = in.get_int64();
}
void read(pbf_reader& in, const field&, uint32_t& out) {
  out = in.get_uint32();
}
void read(pbf_reader& in, const field&, uint64_t& out) {
  out = in.get_uint64();
}
void read(pbf_reader& in, const field&, std::optional<int32_t>& out) {
  out = in.get_int32();
}

void read(pbf_reader& in, const field& f, std::string& out) {
  const std::string_view text = to_string_view(in.get_view());
  if (is_utf8(text)) {
    out = text;
  } else if (f.text == text_kind::prose) {
    out = repair_utf8(text);
  } else {
    throw ill_formed_text();
  }
}

// A map is a repeated message of key and value; either may be missing, and the last of equal keys counts.
void read(pbf_reader& in, const field& f, string_map& out) {
  std::string key;
  std::string value;
  pbf_reader entry = in.get_message();
  while (entry.next()) {
    switch (entry.tag_and_type()) {
      case protozero::tag_and_type(map_key, pbf_wire_type::length_delimited): read(entry, f, key); break;
      case protozero::tag_and_type(map_value, pbf_wire_type::length_delimited): read(entry, f, value); break;
      default: entry.skip();
    }
  }
  out.insert_or_assign(std::move(key), std::move(value));
}

template <typename Member>
constexpr pbf_wire_type wire_type_of() {
  return std::is_same_v<Member, std::string> || std::is_same_v<Member, string_map> ? pbf_wire_type::length_delimited
                                                                                   : pbf_wire_type::varint;
}

// A known number with another wire type is an unknown field, as in protobuf.
template <typename Message>
void read_field(pbf_reader& in, Message& message) {
  const uint32_t found = in.tag_and_type();
  bool taken = false;
  for_each_field(message, [&](const field& f, auto& member) {
    using member_type = std::remove_reference_t<decltype(member)>;
    if (found != protozero::tag_and_type(f.number, wire_type_of<member_type>())) return;
    read(in, f, member);
    taken = true;
  });
  if (!taken) in.skip();
}

// Default values are not written; an optional that is there is, whatever its value.
void write(pbf_writer& out, const field& f, int32_t value) {
  if (value != 0) out.add_int32(f.number, value);
}
void write(pbf_writer& out, const field& f, int64_t value) {
  if (value != 0) out.add_int64(f.number, value);
}
void write(pbf_writer& out, const field& f, uint32_t value) {
  if (value != 0) out.add_uint32(f.number, value);
}
void write(pbf_writer& out, const field& f, uint64_t value) {
  if (value != 0) out.add_uint64(f.number, value);
}
void write(pbf_writer& out, const field& f, const std::optional<int32_t>& value) {
  if (value) out.add_int32(f.number, *value);
}
void write(pbf_writer& out, const field& f, const std::string& value) {
  if (value.empty()) return;
  out.add_string(f.number, f.text == text_kind::prose && !is_utf8(value) ? repair_utf8(value) : value);
}
void write(pbf_writer& out, const field& f, const string_map& map) {
  for (const auto& [key, value] : map) {
    pbf_writer entry(out, f.number);
    entry.add_string(map_key, key);
    entry.add_string(map_value, value);
  }
}

}  // namespace

template <typename Message>
bool decode_protobuf(std::span<const uint8_t> body, Message& out) {
  Message message;
  try {
    pbf_reader in(reinterpret_cast<const char*>(body.data()), body.size());
    while (in.next()) read_field(in, message);
  } catch (const protozero::exception&) {
    return false;
  }
  out = std::move(message);
  return true;
}

template <typename Message>
void encode_protobuf(const Message& message, std::vector<uint8_t>& out) {
  std::string body;
  pbf_writer writer(body);
  for_each_field(message, [&](const field& f, const auto& member) { write(writer, f, member); });
  out.insert(out.end(), body.begin(), body.end());
}

template bool decode_protobuf(std::span<const uint8_t>, close&);
template bool decode_protobuf(std::span<const uint8_t>, heartbeat&);
template bool decode_protobuf(std::span<const uint8_t>, auth_request&);
template bool decode_protobuf(std::span<const uint8_t>, auth_response&);
template bool decode_protobuf(std::span<const uint8_t>, reconnect_request&);
template bool decode_protobuf(std::span<const uint8_t>, error&);

template void encode_protobuf(const close&, std::vector<uint8_t>&);
template void encode_protobuf(const heartbeat&, std::vector<uint8_t>&);
template void encode_protobuf(const auth_request&, std::vector<uint8_t>&);
template void encode_protobuf(const auth_response&, std::vector<uint8_t>&);
template void encode_protobuf(const reconnect_request&, std::vector<uint8_t>&);
template void encode_protobuf(const error&, std::vector<uint8_t>&);

}  // namespace lbwire::wire
