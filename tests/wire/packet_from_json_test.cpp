#include <gtest/gtest.h>

#include "golden.h"
#include "wire/hex.h"
#include "wire/packet_json.h"

namespace lbwire::wire {
namespace {

using nlohmann::json;

std::optional<bytes> converted(const json& object, version default_version = version::v1,
                               body_codec codec = body_codec::protobuf) {
  json_error failure;
  std::optional<bytes> out = packet_from_json(object.dump(), default_version, failure, codec);
  if (!out) ADD_FAILURE() << failure.message;
  return out;
}

std::string error_of(std::string_view text) {
  json_error failure;
  EXPECT_FALSE(packet_from_json(text, version::v1, failure)) << text;
  return failure.message;
}

std::string error_with(const char* key, const json& value) {
  json object = {{"type", "request"}, {"cmd", 11}};
  object[key] = value;
  return error_of(object.dump());
}

TEST(PacketFromJson, GivesTheBytesOfEveryGoldenPacket) {
  for (const golden_packet& golden : golden_packets()) {
    json object = golden.source;
    object.erase("packet_hex");
    const std::optional<bytes> out = converted(object);
    ASSERT_TRUE(out) << golden.name;
    if (!golden.gzip) {
      EXPECT_EQ(*out, golden.wire) << golden.name;
    }
    packet p;
    ASSERT_EQ(decode(*out, golden.v, max_packet_size, p).status, decode_status::ok);
    expect_same(p, golden);
  }
}

TEST(PacketFromJson, ReadsBackWhatPacketToJsonWrites) {
  for (const golden_packet& golden : golden_packets()) {
    json_error failure;
    const std::optional<std::string> text = packet_to_json(golden.v, golden.wire, failure);
    ASSERT_TRUE(text);
    const std::optional<bytes> out = packet_from_json(*text, version::v1, failure);
    ASSERT_TRUE(out) << failure.message;
    packet p;
    ASSERT_EQ(decode(*out, golden.v, max_packet_size, p).status, decode_status::ok);
    expect_same(p, golden);
  }
}

TEST(PacketFromJson, EncodesTheControlMessageWhereThereIsNoBody) {
  for (const golden_packet& golden : golden_packets()) {
    for (const body_codec codec : {body_codec::protobuf, body_codec::json}) {
      json_error failure;
      json object = json::parse(*packet_to_json(golden.v, golden.wire, failure));
      if (!object.contains("control")) continue;
      const json control = object["control"];
      object.erase("body_hex");
      const std::optional<bytes> out = converted(object, version::v1, codec);
      ASSERT_TRUE(out) << golden.name;
      const json back = json::parse(*packet_to_json(golden.v, *out, failure, codec));
      EXPECT_EQ(back["control"], control);
      if (!golden.gzip && codec == body_codec::protobuf) {
        EXPECT_EQ(*out, golden.wire) << golden.name;
      }
    }
  }
}

TEST(PacketFromJson, PrefersTheBodyToTheControlMessage) {
  const json object = {{"type", "push"}, {"cmd", 0}, {"body_hex", "0801"}, {"control", {{"code", 6}}}};
  EXPECT_EQ(converted(object), (bytes{0x03, 0, 0, 0, 2, 0x08, 0x01}));
}

TEST(PacketFromJson, UsesTheDefaultVersionWhereNoneIsGiven) {
  const json object = {{"type", "push"}, {"cmd", 101}};
  EXPECT_EQ(converted(object, version::v1)->size(), 5u);
  EXPECT_EQ(converted(object, version::v2)->size(), 7u);
}

TEST(PacketFromJson, KeepsAll64BitsOfANonceFromStringOrNumber) {
  json object = {{"type", "push"}, {"cmd", 101}, {"verify", true}, {"signature_hex", std::string(32, '0')}};
  for (const json& nonce : {json("18446744073709551615"), json(UINT64_MAX)}) {
    object["nonce"] = nonce;
    const std::optional<bytes> out = converted(object);
    packet p;
    ASSERT_EQ(decode(*out, version::v1, max_packet_size, p).status, decode_status::ok);
    EXPECT_EQ(p.nonce, UINT64_MAX);
  }
}

TEST(PacketFromJson, NamesTheKeyThatIsWrong) {
  const std::vector<std::pair<const char*, json>> wrong = {
      {"version", 3},
      {"version", "1"},
      {"type", "reply"},
      {"type", 1},
      {"cmd", 256},
      {"cmd", -1},
      {"cmd", 1.5},
      {"cmd", nullptr},
      {"request_id", "1"},
      {"timeout_ms", 60001},
      {"request_id", 1LL << 32},
      {"gzip", 1},
      {"verify", "true"},
      {"nonce", "12x"},
      {"nonce", -1},
      {"nonce", "18446744073709551616"},
      {"body_hex", "0"},
      {"body_hex", "zz"},
      {"body_hex", 5},
      {"metadata", {{"a", "b"}}},
      {"metadata", "x"},
      {"control", {{"a", 1}}},
      {"status", 256},
  };
  for (const auto& [key, value] : wrong) {
    const std::string message = error_with(key, value);
    EXPECT_TRUE(message.starts_with(key)) << key << ": " << message;
  }
}

TEST(PacketFromJson, RefusesWhatThePacketWouldNotCarry) {
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":1,"request_id":5})").starts_with("request_id"));
  EXPECT_TRUE(error_of(R"({"type":"response","cmd":1,"timeout_ms":5})").starts_with("timeout_ms"));
  EXPECT_TRUE(error_of(R"({"type":"request","cmd":1,"status":5})").starts_with("status"));
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":1,"nonce":"5"})").starts_with("verify"));
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":1,"verify":true})").starts_with("signature_hex"));
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":1,"verify":true,"signature_hex":"00"})").starts_with("signature_hex"));
  EXPECT_TRUE(error_of(R"({"version":2,"type":"push","cmd":1,"metadata":{"a":1}})").starts_with("metadata.a"));
  const json long_value = {
      {"version", 2}, {"type", "push"}, {"cmd", 1}, {"metadata", {{"a", std::string(40000, 'x')}}}};
  EXPECT_TRUE(error_of(long_value.dump()).starts_with("metadata"));
}

TEST(PacketFromJson, NamesTheControlFieldThatIsWrong) {
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":0,"control":{"code":true}})").starts_with("control.code"));
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":0,"control":{"message":"Error"}})").starts_with("control.message"));
  EXPECT_TRUE(error_of(R"({"type":"push","cmd":0,"control":[]})").starts_with("control"));
}

TEST(PacketFromJson, RefusesTextThatIsNoJsonObjectAndDoesNotQuoteIt) {
  EXPECT_EQ(error_of("[]"), "expected a JSON object");
  EXPECT_NE(error_of(R"({"cmd":1e999})"), "");
  json_error failure;
  EXPECT_FALSE(packet_from_json(R"({"control":{"token":"secret"} x)", version::v1, failure));
  EXPECT_EQ(failure.message, "not valid JSON");
  EXPECT_EQ(failure.offset, 30u);
}

}  // namespace
}  // namespace lbwire::wire
