#include "wire/control.h"

#include <gtest/gtest.h>

#include "golden.h"

namespace lbwire::wire {
namespace {

const golden_packet& golden_named(const std::string& name) {
  for (const golden_packet& golden : golden_packets()) {
    if (golden.name == name) return golden;
  }
  ADD_FAILURE() << "no golden packet " << name;
  return golden_packets().front();
}

template <typename Message>
void expect_golden(const std::string& name, const Message& expected) {
  SCOPED_TRACE(name);
  const bytes& body = golden_named(name).body;
  Message read;
  ASSERT_TRUE(decode(body_codec::protobuf, body, read));
  EXPECT_EQ(read, expected);
  bytes written;
  encode(body_codec::protobuf, expected, written);
  EXPECT_EQ(written, body);
}

TEST(Control, ReadsAndWritesTheGoldenBodies) {
  expect_golden("close_heartbeat_timeout", close{0, "heartbeat timeout"});
  expect_golden("close_server_error", close{1, "internal"});
  expect_golden("close_server_shutdown", close{2, "bye"});
  expect_golden("close_unpack_error", close{3, ""});
  expect_golden("close_auth_error", close{4, "鉴权失败"});
  expect_golden("close_sess_expired", close{5, "expired"});
  expect_golden("close_connect_duplicate", close{6, "dup"});
  expect_golden("close_unknown_code_99", close{99, "future"});
  expect_golden("heartbeat_request", heartbeat{1668988800123, 7});
  expect_golden("heartbeat_response", heartbeat{1668988800123, 7});
  expect_golden("auth_request", auth_request{"tok-0123456789abcdef", {}});
  expect_golden("auth_response", auth_response{"sess-42", 1999999999999, 10, 1});
  expect_golden("reconnect_request", reconnect_request{"sess-42", {}});
  expect_golden("reconnect_response", auth_response{"sess-43", 1999999999999, 0, 0});
  expect_golden("error_response", error{401003, "token invalid"});
}

TEST(Control, AppendsToWhatIsThere) {
  for (const body_codec codec : {body_codec::protobuf, body_codec::json}) {
    bytes out = {1, 2};
    encode(codec, close{6, ""}, out);
    bytes alone;
    encode(codec, close{6, ""}, alone);
    bytes expected = {1, 2};
    expected.insert(expected.end(), alone.begin(), alone.end());
    EXPECT_EQ(out, expected);
  }
}

TEST(Control, LeavesTheMessageAloneWhenTheBodyIsMalformed) {
  for (const body_codec codec : {body_codec::protobuf, body_codec::json}) {
    close message{5, "before"};
    EXPECT_FALSE(decode(codec, bytes{0x08}, message));
    EXPECT_EQ(message, (close{5, "before"}));
  }
}

TEST(Control, KnowsItsCommands) {
  for (unsigned cmd = 0; cmd < 256; ++cmd) EXPECT_EQ(is_control(static_cast<uint8_t>(cmd)), cmd <= 3);
}

TEST(Control, NamesCloseCodes) {
  const char* const names[] = {"HeartbeatTimeout", "ServerError", "ServerShutdown",  "UnpackError",
                               "AuthError",        "SessExpired", "ConnectDuplicate"};
  for (int32_t code = 0; code < 7; ++code) EXPECT_STREQ(close_code_name(code), names[code]);
  for (const int32_t code : {-1, 7, 99, INT32_MAX, INT32_MIN}) EXPECT_STREQ(close_code_name(code), "Unknown");
}

TEST(Control, NamesStatusCodes) {
  const char* const names[] = {"success",           "server_timeout",        "client_timeout",
                               "bad_request",       "bad_response",          "unauthenticated",
                               "permission_denied", "server_internal_error", "client_internal_error"};
  for (uint8_t status = 0; status < 9; ++status) EXPECT_STREQ(status_code_name(status), names[status]);
  EXPECT_STREQ(status_code_name(9), "unknown");
  EXPECT_STREQ(status_code_name(255), "unknown");
}

}  // namespace
}  // namespace lbwire::wire
