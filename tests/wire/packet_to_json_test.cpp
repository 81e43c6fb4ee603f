#include <gtest/gtest.h>

#include <random>

#include "golden.h"
#include "wire/gzip.h"
#include "wire/metadata.h"
#include "wire/packet_json.h"

namespace lbwire::wire {
namespace {

using nlohmann::json;

json converted(const bytes& packet_bytes, version v = version::v1, body_codec codec = body_codec::protobuf) {
  json_error failure;
  const std::optional<std::string> text = packet_to_json(v, packet_bytes, failure, codec);
  if (!text) {
    ADD_FAILURE() << failure.message;
    return {};
  }
  return json::parse(*text);
}

void expect_error(const bytes& packet_bytes, size_t offset, std::string_view part, version v = version::v1,
                  size_t max_inflated = max_body_size) {
  json_error failure;
  EXPECT_FALSE(packet_to_json(v, packet_bytes, failure, body_codec::protobuf, max_inflated));
  EXPECT_EQ(failure.offset, offset);
  EXPECT_NE(failure.message.find(part), std::string::npos) << failure.message;
}

bytes push(uint8_t cmd, const bytes& body, bool gzip = false) {
  packet p;
  p.cmd = cmd;
  p.body = body;
  p.gzip = gzip;
  bytes out(encoded_size(p, version::v1));
  EXPECT_EQ(encode(p, version::v1, out), out.size());
  return out;
}

bytes push_v2(const bytes& metadata) {
  packet p;
  p.cmd = 101;
  p.metadata = metadata;
  bytes out(encoded_size(p, version::v2));
  EXPECT_EQ(encode(p, version::v2, out), out.size());
  return out;
}

bytes response(uint8_t cmd, uint8_t status, const bytes& body) {
  packet p;
  p.type = packet_type::response;
  p.cmd = cmd;
  p.status = status;
  p.body = body;
  bytes out(encoded_size(p, version::v1));
  EXPECT_EQ(encode(p, version::v1, out), out.size());
  return out;
}

TEST(PacketToJson, GivesTheFieldsOfEveryGoldenPacket) {
  for (const golden_packet& golden : golden_packets()) {
    const json out = converted(golden.wire, golden.v);
    for (const auto& [key, value] : golden.source.items()) {
      if (key != "name") {
        EXPECT_EQ(out.value(key, json()), value) << golden.name << ' ' << key;
      }
    }
    for (const auto& [key, value] : out.items()) {
      if (golden.source.contains(key) || key == "control") continue;
      EXPECT_EQ(value, 0) << golden.name << ": absent in the golden packet, so zero: " << key;
    }
  }
}

TEST(PacketToJson, AlwaysGivesTheKeysThatAreNeverLeftOut) {
  for (const golden_packet& golden : golden_packets()) {
    const json out = converted(golden.wire, golden.v);
    for (const char* const key : {"version", "type", "cmd", "gzip", "verify", "body_hex", "packet_hex"}) {
      EXPECT_TRUE(out.contains(key)) << key;
    }
    EXPECT_EQ(out.contains("request_id"), golden.type != packet_type::push);
    EXPECT_EQ(out.contains("timeout_ms"), golden.type == packet_type::request);
    EXPECT_EQ(out.contains("status"), golden.type == packet_type::response);
    EXPECT_EQ(out.contains("nonce"), golden.verify);
    EXPECT_EQ(out.contains("signature_hex"), golden.verify);
  }
}

TEST(PacketToJson, ShowsTheControlMessageOfEveryGoldenPacket) {
  const std::map<std::string, json> expected = {
      {"close_connect_duplicate", {{"message", "Close"}, {"code", 6}, {"name", "ConnectDuplicate"}, {"reason", "dup"}}},
      {"close_unknown_code_99", {{"message", "Close"}, {"code", 99}, {"name", "Unknown"}, {"reason", "future"}}},
      {"close_heartbeat_timeout",
       {{"message", "Close"}, {"code", 0}, {"name", "HeartbeatTimeout"}, {"reason", "heartbeat timeout"}}},
      {"heartbeat_request", {{"message", "Heartbeat"}, {"timestamp", 1668988800123}, {"heartbeat_id", 7}}},
      {"auth_request", {{"message", "AuthRequest"}, {"token", "tok-0123456789abcdef"}, {"metadata", json::object()}}},
      {"auth_response",
       {{"message", "AuthResponse"},
        {"session_id", "sess-42"},
        {"expires", 1999999999999},
        {"limit", 10},
        {"online", 1}}},
      {"reconnect_request", {{"message", "ReconnectRequest"}, {"session_id", "sess-42"}, {"metadata", json::object()}}},
      {"error_response", {{"message", "Error"}, {"code", 401003}, {"msg", "token invalid"}}},
      {"heartbeat_request_opaque", nullptr},
      {"business_request", nullptr},
      {"business_push", nullptr},
  };
  for (const golden_packet& golden : golden_packets()) {
    const auto found = expected.find(golden.name);
    if (found == expected.end()) continue;
    EXPECT_EQ(converted(golden.wire, golden.v).value("control", json()), found->second) << golden.name;
  }
}

TEST(PacketToJson, ReadsControlMessagesInTheGivenCodec) {
  const bytes wire = push(0, to_bytes(R"({"code":5})"));
  EXPECT_EQ(converted(wire, version::v1, body_codec::json)["control"]["name"], "SessExpired");
  EXPECT_FALSE(converted(wire).contains("control"));
}

TEST(PacketToJson, ShowsTheErrorOfAFailedBusinessResponse) {
  const bytes body = {0x08, 0x05, 0x12, 0x02, 'n', 'o'};
  EXPECT_EQ(converted(response(11, 3, body))["control"], (json{{"message", "Error"}, {"code", 5}, {"msg", "no"}}));
  EXPECT_FALSE(converted(response(11, 0, body)).contains("control"));
}

TEST(PacketToJson, SaysWhereATruncatedPacketEnds) {
  for (const golden_packet& golden : golden_packets()) {
    for (size_t size = 0; size < golden.wire.size(); size += 1 + size / 40) {
      const bytes cut(golden.wire.begin(), golden.wire.begin() + static_cast<std::ptrdiff_t>(size));
      expect_error(cut, size, "truncated", golden.v);
    }
  }
}

TEST(PacketToJson, SaysWhereBytesFollowThePacket) {
  bytes wire = push(101, {1, 2, 3});
  wire.push_back(0);
  expect_error(wire, 8, "1 bytes follow");
}

TEST(PacketToJson, SaysWhereTheTypeIsUnknown) {
  expect_error({0x04, 0, 0, 0, 0}, 0, "unknown packet type");
}

TEST(PacketToJson, SaysWhereABodyThatDoesNotInflateBegins) {
  expect_error(push(101, to_bytes("not gzip"), true), 5, "gzip");
  bytes bomb;
  deflate(bytes(100'000, 0), bomb);
  expect_error(push(101, bomb, true), 5, "more than allowed", version::v1, 99'999);
}

TEST(PacketToJson, SaysWhereMetadataIsMalformed) {
  expect_error(push_v2({0x01, 'a', 0x80, 0x01, 'b'}), 7 + 2, "two bytes", version::v2);
  expect_error(push_v2({0x01, 'a'}), 7 + 2, "no value", version::v2);
  expect_error(push_v2({0x05, 'a'}), 7, "past the end", version::v2);
}

TEST(PacketToJson, ShowsMetadataKeysInLowerCaseAndTheLastOfEqualOnes) {
  const json out = converted(push_v2(to_bytes("\x01"
                                              "A\x01"
                                              "1\x01"
                                              "b\x01"
                                              "2\x01"
                                              "a\x01"
                                              "3")),
                             version::v2);
  EXPECT_EQ(out["metadata"], (json{{"a", "3"}, {"b", "2"}}));
}

TEST(PacketToJson, ConvertsTheMostMetadataThereCanBeInReasonableTime) {
  std::vector<std::string> keys;
  std::vector<metadata_entry> entries;
  for (int i = 0; i < 13'000; ++i) keys.push_back({static_cast<char>(i), static_cast<char>(i / 100), '='});
  for (const std::string& key : keys) entries.push_back({key, ""});
  bytes run(metadata_encoded_size(entries).value());
  encode_metadata(entries, run);
  EXPECT_GT(converted(push_v2(run), version::v2)["metadata"].size(), 1000u);
}

TEST(PacketToJson, GivesValidJsonOrAnOffsetWithinThePacketForDamagedBytes) {
  std::minstd_rand random(11);
  size_t converted_anyway = 0;
  for (int round = 0; round < 50; ++round) {
    for (const golden_packet& golden : golden_packets()) {
      bytes damaged = golden.wire;
      const size_t within = round % 2 == 0 ? std::min<size_t>(damaged.size(), 16) : damaged.size();
      damaged[random() % within] = static_cast<uint8_t>(random() >> 7);
      const body_codec codec = round % 3 == 0 ? body_codec::json : body_codec::protobuf;
      json_error failure;
      if (const std::optional<std::string> text = packet_to_json(golden.v, damaged, failure, codec)) {
        EXPECT_TRUE(json::accept(*text));
        ++converted_anyway;
      } else {
        EXPECT_LE(failure.offset, damaged.size());
        EXPECT_FALSE(failure.message.empty());
      }
    }
  }
  EXPECT_GT(converted_anyway, 500u);
}

TEST(PacketToJson, IsValidJsonWhateverTheBytes) {
  const json out = converted(push_v2({0x01, 0xff, 0x02, 0xc3, 0x28}), version::v2);
  EXPECT_EQ(out["metadata"], (json{{"\xef\xbf\xbd", "\xef\xbf\xbd("}}));
  const json closed = converted(push(0, {0x12, 0x01, 0xff}));
  EXPECT_EQ(closed["control"]["reason"], "\xef\xbf\xbd");
}

}  // namespace
}  // namespace lbwire::wire
