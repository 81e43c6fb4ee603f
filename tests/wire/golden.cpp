#include "golden.h"

#include <gtest/gtest.h>

#include <fstream>

#include "wire/gzip.h"
#include "wire/hex.h"
#include "wire/metadata.h"

namespace lbwire::wire {

namespace {

bytes hex_field(const nlohmann::json& object, const char* key) {
  bytes out;
  EXPECT_TRUE(from_hex(object.value(key, ""), out)) << key;
  return out;
}

packet_type type_named(const std::string& name) {
  return name == "request" ? packet_type::request : name == "response" ? packet_type::response : packet_type::push;
}

golden_packet parse(const std::string& line) {
  golden_packet g;
  g.source = nlohmann::json::parse(line);
  const nlohmann::json& o = g.source;
  g.name = o.at("name");
  g.v = o.at("version") == 2 ? version::v2 : version::v1;
  g.type = type_named(o.at("type"));
  g.cmd = o.at("cmd");
  g.request_id = o.value("request_id", 0u);
  g.timeout_ms = o.value("timeout_ms", uint16_t{0});
  g.status = o.value("status", uint8_t{0});
  g.gzip = o.value("gzip", false);
  g.verify = o.value("verify", false);
  g.nonce = std::stoull(o.value("nonce", "0"));
  g.signature = hex_field(o, "signature_hex");
  if (o.contains("metadata")) g.metadata = o.at("metadata").get<std::map<std::string, std::string>>();
  g.body = hex_field(o, "body_hex");
  g.wire = hex_field(o, "packet_hex");
  return g;
}

}  // namespace

const std::vector<golden_packet>& golden_packets() {
  static const std::vector<golden_packet> packets = [] {
    std::vector<golden_packet> read;
    std::ifstream file(LBWIRE_TEST_DATA "/packets.jsonl");
    for (std::string line; std::getline(file, line);) read.push_back(parse(line));
    EXPECT_EQ(read.size(), 102u);
    return read;
  }();
  return packets;
}

void expect_same(const packet& decoded, const golden_packet& golden) {
  SCOPED_TRACE(golden.name);
  EXPECT_EQ(decoded.type, golden.type);
  EXPECT_EQ(decoded.cmd, golden.cmd);
  EXPECT_EQ(decoded.request_id, golden.request_id);
  EXPECT_EQ(decoded.timeout_ms, golden.timeout_ms);
  EXPECT_EQ(decoded.status, golden.status);
  EXPECT_EQ(decoded.gzip, golden.gzip);
  EXPECT_EQ(decoded.verify, golden.verify);
  EXPECT_EQ(decoded.nonce, golden.nonce);
  EXPECT_EQ(bytes(decoded.signature.begin(), decoded.signature.end()), golden.signature);

  std::map<std::string, std::string> metadata;
  metadata_reader reader(decoded.metadata);
  for (metadata_entry entry; reader.next(entry);) metadata[std::string(entry.key)] = entry.value;
  EXPECT_EQ(reader.result().status, metadata_status::ok);
  EXPECT_EQ(metadata, golden.metadata);

  bytes body(decoded.body.begin(), decoded.body.end());
  if (decoded.gzip) {
    EXPECT_EQ(inflate(decoded.body, body, max_body_size), inflate_status::ok);
  }
  EXPECT_EQ(body, golden.body);
}

packet view_of(const golden_packet& golden) {
  const std::span<const uint8_t> wire(golden.wire);
  const size_t header = header_size(golden.type, golden.v);
  const size_t metadata_size = golden.v == version::v2 ? load_be16(wire.data() + header - 5) : 0u;
  packet p;
  p.type = golden.type;
  p.cmd = golden.cmd;
  p.request_id = golden.request_id;
  p.timeout_ms = golden.timeout_ms;
  p.status = golden.status;
  p.gzip = golden.gzip;
  p.verify = golden.verify;
  p.nonce = golden.nonce;
  p.signature = golden.signature;
  p.metadata = wire.subspan(header, metadata_size);
  p.body = golden.gzip ? wire.subspan(header + metadata_size, load_be24(wire.data() + header - 3))
                       : std::span<const uint8_t>(golden.body);
  return p;
}

bytes to_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::ostream& operator<<(std::ostream& out, decode_status status) {
  return out << describe(status);
}

}  // namespace lbwire::wire
