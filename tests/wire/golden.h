// The golden packets of tests/data/packets.jsonl, made by another implementation.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "wire/packet.h"

namespace lbwire::wire {

using bytes = std::vector<uint8_t>;

struct golden_packet {
  std::string name;
  version v = version::v1;
  packet_type type = packet_type::push;
  uint8_t cmd = 0;
  uint32_t request_id = 0;
  uint16_t timeout_ms = 0;
  uint8_t status = 0;
  bool gzip = false;
  bool verify = false;
  uint64_t nonce = 0;
  bytes signature;
  std::map<std::string, std::string> metadata;
  bytes body;  // before compression
  bytes wire;
  nlohmann::json source;
};

const std::vector<golden_packet>& golden_packets();

// Every field but the body of a compressed packet, which is checked once inflated.
void expect_same(const packet& decoded, const golden_packet& golden);

// The packet's fields, pointing into `golden`; metadata and a compressed body are cut out of its wire bytes.
packet view_of(const golden_packet& golden);

bytes to_bytes(std::string_view text);

std::ostream& operator<<(std::ostream& out, decode_status status);

}  // namespace lbwire::wire
