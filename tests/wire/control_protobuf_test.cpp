// Holds our protobuf coder to what protoc makes of proto/control.proto, in both directions.
#include "wire/control_protobuf.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "control.pb.h"
#include "golden.h"
#include "wire/control.h"

namespace lbwire::wire {
namespace {

namespace pb = lbwire::control;

void copy(const pb::Close& from, close& to) {
  to = {static_cast<int32_t>(from.code()), from.reason()};
}
void copy(const close& from, pb::Close& to) {
  to.set_code(static_cast<pb::Close::Code>(from.code));
  to.set_reason(from.reason);
}

void copy(const pb::Heartbeat& from, heartbeat& to) {
  to.timestamp = from.timestamp();
  to.heartbeat_id.reset();
  if (from.has_heartbeat_id()) to.heartbeat_id = from.heartbeat_id();
}
void copy(const heartbeat& from, pb::Heartbeat& to) {
  to.set_timestamp(from.timestamp);
  if (from.heartbeat_id) to.set_heartbeat_id(*from.heartbeat_id);
}

void copy(const pb::AuthRequest& from, auth_request& to) {
  to = {from.token(), {from.metadata().begin(), from.metadata().end()}};
}
void copy(const auth_request& from, pb::AuthRequest& to) {
  to.set_token(from.token);
  to.mutable_metadata()->insert(from.metadata.begin(), from.metadata.end());
}

void copy(const pb::ReconnectRequest& from, reconnect_request& to) {
  to = {from.session_id(), {from.metadata().begin(), from.metadata().end()}};
}
void copy(const reconnect_request& from, pb::ReconnectRequest& to) {
  to.set_session_id(from.session_id);
  to.mutable_metadata()->insert(from.metadata.begin(), from.metadata.end());
}

template <typename Response>
void copy_response(const Response& from, auth_response& to) {
  to = {from.session_id(), from.expires(), from.limit(), from.online()};
}
template <typename Response>
void copy_response(const auth_response& from, Response& to) {
  to.set_session_id(from.session_id);
  to.set_expires(from.expires);
  to.set_limit(from.limit);
  to.set_online(from.online);
}
void copy(const pb::AuthResponse& from, auth_response& to) {
  copy_response(from, to);
}
void copy(const auth_response& from, pb::AuthResponse& to) {
  copy_response(from, to);
}
void copy(const pb::ReconnectResponse& from, auth_response& to) {
  copy_response(from, to);
}
void copy(const auth_response& from, pb::ReconnectResponse& to) {
  copy_response(from, to);
}

void copy(const pb::Error& from, error& to) {
  to = {from.code(), from.msg()};
}
void copy(const error& from, pb::Error& to) {
  to.set_code(from.code);
  to.set_msg(from.msg);
}

template <typename Message>
bytes encoded(const Message& message) {
  bytes out;
  encode_protobuf(message, out);
  return out;
}

template <typename Generated, typename Message>
void expect_same_coding(const Message& message) {
  Generated generated;
  copy(message, generated);
  const bytes ours = encoded(message);
  const bytes theirs = to_bytes(generated.SerializeAsString());
  EXPECT_EQ(ours, theirs);

  Generated read_by_them;
  ASSERT_TRUE(read_by_them.ParseFromArray(ours.data(), static_cast<int>(ours.size())));
  EXPECT_EQ(read_by_them.SerializeAsString(), generated.SerializeAsString());
  Message read_by_us;
  ASSERT_TRUE(decode_protobuf(theirs, read_by_us));
  EXPECT_EQ(read_by_us, message);
}

TEST(ControlProtobuf, CodesScalarsAsProtobufDoes) {
  for (const int32_t code : {0, 1, 6, 99, 127, 128, -1, INT32_MAX, INT32_MIN}) {
    expect_same_coding<pb::Close>(close{code, "because"});
    expect_same_coding<pb::Close>(close{code, ""});
    expect_same_coding<pb::Heartbeat>(heartbeat{0, code});
  }
  for (const int64_t time : {int64_t{0}, int64_t{1}, int64_t{-1}, INT64_MAX, INT64_MIN, int64_t{1659934481531}}) {
    expect_same_coding<pb::Heartbeat>(heartbeat{time, std::nullopt});
    expect_same_coding<pb::Heartbeat>(heartbeat{time, 0});
    expect_same_coding<pb::AuthResponse>(auth_response{"s", time, 0, UINT32_MAX});
    expect_same_coding<pb::ReconnectResponse>(auth_response{"", time, UINT32_MAX, 0});
  }
  for (const uint64_t code : {uint64_t{0}, uint64_t{403051}, UINT64_MAX}) {
    expect_same_coding<pb::Error>(error{code, "什么"});
  }
}

TEST(ControlProtobuf, CodesStringsAndMapsAsProtobufDoes) {
  for (const size_t length : {0u, 1u, 127u, 128u, 16383u, 16384u, 100'000u}) {
    const std::string text(length, 't');
    expect_same_coding<pb::AuthRequest>(auth_request{text, {}});
    expect_same_coding<pb::AuthRequest>(auth_request{"t", {{text, text}}});
    expect_same_coding<pb::ReconnectRequest>(reconnect_request{text, {{"k", ""}}});
  }
}

TEST(ControlProtobuf, ReadsAndIsReadWithManyMapEntries) {
  auth_request message{"t", {}};
  for (int i = 0; i < 100; ++i) message.metadata["key" + std::to_string(i)] = std::to_string(i * i);
  pb::AuthRequest generated;
  copy(message, generated);
  auth_request read;
  ASSERT_TRUE(decode_protobuf(to_bytes(generated.SerializeAsString()), read));
  EXPECT_EQ(read, message);
  const bytes ours = encoded(message);
  pb::AuthRequest read_by_them;
  ASSERT_TRUE(read_by_them.ParseFromArray(ours.data(), static_cast<int>(ours.size())));
  auth_request again;
  copy(read_by_them, again);
  EXPECT_EQ(again, message);
}

TEST(ControlProtobuf, ReadsMapEntriesWithMissingPartsAndRepeatedKeys) {
  auth_request read;
  // {} ; {"k": "1"} ; {"k": "2", field 3: 5}
  const bytes body = {0x12, 0, 0x12, 6, 0x0a, 1, 'k', 0x12, 1, '1', 0x12, 8, 0x0a, 1, 'k', 0x12, 1, '2', 0x18, 5};
  ASSERT_TRUE(decode_protobuf(body, read));
  EXPECT_EQ(read.metadata, (string_map{{"", ""}, {"k", "2"}}));
}

TEST(ControlProtobuf, SkipsFieldsItDoesNotKnow) {
  close read;
  const bytes body = {0x18, 0x96, 0x01, 0x22, 2, 'h', 'i', 0x2d, 1, 2, 3, 4, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 6};
  ASSERT_TRUE(decode_protobuf(body, read));
  EXPECT_EQ(read, (close{6, ""}));
}

TEST(ControlProtobuf, TreatsAKnownNumberOfAnotherWireTypeAsUnknown) {
  close read;
  ASSERT_TRUE(decode_protobuf(bytes{0x0a, 1, 'x', 0x10, 5}, read));
  EXPECT_EQ(read, close());
}

TEST(ControlProtobuf, LetsTheLastOfARepeatedFieldCount) {
  close read;
  ASSERT_TRUE(decode_protobuf(bytes{0x08, 1, 0x12, 1, 'a', 0x08, 2, 0x12, 1, 'b'}, read));
  EXPECT_EQ(read, (close{2, "b"}));
}

TEST(ControlProtobuf, RefusesMalformedBodies) {
  close read;
  for (const bytes& body : {bytes{0x08}, bytes{0x12, 5, 'a'}, bytes{0x12}, bytes{0x00}, bytes{0x0f, 1},
                            bytes{0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
                            bytes{0x2d, 1, 2}, bytes{0x0b, 0x0c}}) {
    EXPECT_FALSE(decode_protobuf(body, read));
  }
  auth_request request;
  EXPECT_FALSE(decode_protobuf(bytes{0x12, 2, 0x0a, 5}, request)) << "inside a map entry";
}

TEST(ControlProtobuf, RepairsProseAndRefusesIdsThatAreNotUtf8) {
  const bytes body = {0x12, 2, 'a', 0xff, 0x08, 6};
  close read;
  ASSERT_TRUE(decode_protobuf(body, read));
  EXPECT_EQ(read, (close{6, "a\xef\xbf\xbd"}));
  EXPECT_EQ(encoded(close{0, "\xff"}), (bytes{0x12, 3, 0xef, 0xbf, 0xbd}));
  auth_request request;
  EXPECT_FALSE(decode_protobuf(bytes{0x0a, 1, 0xff}, request));
  EXPECT_FALSE(decode_protobuf(bytes{0x12, 3, 0x0a, 1, 0xff}, request));
}

// Where both read a damaged body they must agree. Ours refuses a little more (groups, reserved numbers) and
// less (prose that is not UTF-8).
template <typename Generated, typename Message>
void expect_agreement_on_damage(const Message& message, unsigned seed) {
  const google::protobuf::LogSilencer silencer;  // it logs each string that is not UTF-8
  std::minstd_rand random(seed);
  const bytes whole = encoded(message);
  size_t compared = 0;
  for (int round = 0; round < 5000; ++round) {
    bytes body = whole;
    for (unsigned changes = 1 + static_cast<unsigned>(random() % 3); changes > 0; --changes) {
      body[random() % body.size()] = static_cast<uint8_t>(random() >> 5);
    }
    Message ours;
    Generated theirs;
    const bool read = decode_protobuf(body, ours);
    if (!theirs.ParseFromArray(body.data(), static_cast<int>(body.size())) || !read) continue;
    Message expected;
    copy(theirs, expected);
    ASSERT_EQ(ours, expected);
    ++compared;
  }
  EXPECT_GT(compared, 500u);
}

TEST(ControlProtobuf, AgreesWithProtobufOnDamagedBodies) {
  expect_agreement_on_damage<pb::Close>(close{6, "another connection"}, 1);
  expect_agreement_on_damage<pb::Heartbeat>(heartbeat{1659934481531, 7}, 2);
  expect_agreement_on_damage<pb::AuthRequest>(auth_request{"token", {{"a", "b"}, {"c", "d"}}}, 3);
  expect_agreement_on_damage<pb::AuthResponse>(auth_response{"session", 1999999999999, 10, 1}, 4);
  expect_agreement_on_damage<pb::ReconnectResponse>(auth_response{"session", 1999999999999, 10, 1}, 7);
  expect_agreement_on_damage<pb::ReconnectRequest>(reconnect_request{"session", {{"a", "b"}}}, 5);
  expect_agreement_on_damage<pb::Error>(error{403051, "token invalid"}, 6);
}

}  // namespace
}  // namespace lbwire::wire
