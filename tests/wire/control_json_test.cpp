#include "wire/control_json.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "wire/control.h"

namespace lbwire::wire {
namespace {

template <typename Message>
std::string encoded(const Message& message) {
  bytes out;
  encode(body_codec::json, message, out);
  return {out.begin(), out.end()};
}

template <typename Message>
bool read(std::string_view text, Message& out) {
  return decode(body_codec::json, to_bytes(text), out);
}

template <typename Message>
void expect_both_ways(const Message& message, std::string_view text) {
  EXPECT_EQ(encoded(message), text);
  Message back;
  ASSERT_TRUE(read(text, back)) << text;
  EXPECT_EQ(back, message);
}

TEST(ControlJson, WritesFieldsInOrderAndLeavesDefaultsOut) {
  expect_both_ways(close{6, "dup"}, R"({"code":6,"reason":"dup"})");
  expect_both_ways(close{}, "{}");
  expect_both_ways(heartbeat{1659934481531, 0}, R"({"timestamp":1659934481531,"heartbeat_id":0})");
  expect_both_ways(heartbeat{INT64_MIN, std::nullopt}, R"({"timestamp":-9223372036854775808})");
  expect_both_ways(auth_request{"t", {{"b", "2"}, {"a", ""}}}, R"({"token":"t","metadata":{"a":"","b":"2"}})");
  expect_both_ways(auth_response{"s", 1, 2, 3}, R"({"session_id":"s","expires":1,"limit":2,"online":3})");
  expect_both_ways(reconnect_request{"s", {}}, R"({"session_id":"s"})");
  expect_both_ways(error{UINT64_MAX, "鉴权"}, R"({"code":18446744073709551615,"msg":"鉴权"})");
}

TEST(ControlJson, ReadsTheJsonMappingOfProtobufToo) {
  heartbeat h;
  ASSERT_TRUE(read(R"({"timestamp":"1659934481531","heartbeatId":7})", h));
  EXPECT_EQ(h, (heartbeat{1659934481531, 7}));
  auth_response response;
  ASSERT_TRUE(read(R"({"sessionId":"s","expires":"9223372036854775807","limit":1e1,"online":2.0})", response));
  EXPECT_EQ(response, (auth_response{"s", INT64_MAX, 10, 2}));
  close c;
  ASSERT_TRUE(read(R"({"code":"SessExpired"})", c));
  EXPECT_EQ(c.code, 5);
  ASSERT_TRUE(read(R"({"code":"HeartbeatTimeout"})", c));
  EXPECT_EQ(c.code, 0);
}

TEST(ControlJson, KeepsWorkingOnFieldsAndEnumValuesItDoesNotKnow) {
  close c;
  ASSERT_TRUE(read(R"({"code":99,"reason":null,"more":{"x":[1]}})", c));
  EXPECT_EQ(c, (close{99, ""}));
  ASSERT_TRUE(read(R"({"code":"SomethingNew","reason":"r"})", c));
  EXPECT_STREQ(close_code_name(c.code), "Unknown");
  EXPECT_EQ(c.reason, "r");
}

TEST(ControlJson, RefusesMalformedBodies) {
  close c;
  for (const char* const text :
       {"", "{", "[]", "1", "null", R"({"code":1} x)", R"({"code":true})", R"({"reason":1})", R"({"code":2147483648})",
        R"({"code":1.5})", R"({"code":1e30})", "{\"reason\":\"\xff\"}"}) {
    EXPECT_FALSE(read(text, c)) << text;
  }
  auth_response response;
  EXPECT_FALSE(read(R"({"limit":-1})", response));
  EXPECT_FALSE(read(R"({"limit":4294967296})", response));
  EXPECT_FALSE(read(R"({"expires":"12x"})", response));
  EXPECT_FALSE(read(R"({"expires":9223372036854775808})", response));
  heartbeat h;
  EXPECT_FALSE(read(R"({"heartbeat_id":"seven"})", h));
  auth_request request;
  EXPECT_FALSE(read(R"({"metadata":{"a":1}})", request));
  EXPECT_FALSE(read(R"({"metadata":["a"]})", request));
}

TEST(ControlJson, WritesValidJsonWhateverTheText) {
  EXPECT_EQ(encoded(close{0, "\xff\"\n"}), "{\"reason\":\"\xef\xbf\xbd\\\"\\n\"}");
}

TEST(ControlJson, ReadsDeepNestingWithoutHarm) {
  close c;
  const std::string deep = "{\"x\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_TRUE(read(deep, c));
}

}  // namespace
}  // namespace lbwire::wire
