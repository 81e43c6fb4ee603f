#include "wire/handshake.h"

#include <gtest/gtest.h>

namespace lbwire::wire {
namespace {

using two_bytes = std::array<uint8_t, 2>;

TEST(Handshake, WritesTheDocumentedBytes) {
  EXPECT_EQ(encode_handshake({}), (two_bytes{0x11, 0x09}));
  EXPECT_EQ(encode_handshake({version::v2, body_codec::json, platform::terminal, 5}), (two_bytes{0x22, 0x58}));
}

TEST(Handshake, ReadsWhatItWrites) {
  for (const version v : {version::v1, version::v2}) {
    for (const body_codec codec : {body_codec::protobuf, body_codec::json}) {
      for (unsigned i = 0; i < 256; ++i) {
        const handshake sent{v, codec, static_cast<uint8_t>(i & 15), static_cast<uint8_t>(i >> 4)};
        handshake read;
        ASSERT_EQ(decode_handshake(encode_handshake(sent), read), handshake_status::ok);
        ASSERT_EQ(read, sent);
      }
    }
  }
}

TEST(Handshake, WaitsForBothBytes) {
  handshake h;
  EXPECT_EQ(decode_handshake({}, h), handshake_status::incomplete);
  EXPECT_EQ(decode_handshake(std::array<uint8_t, 1>{0x11}, h), handshake_status::incomplete);
}

TEST(Handshake, RefusesVersionsAndCodecsItDoesNotSpeak) {
  for (unsigned first = 0; first < 256; ++first) {
    const unsigned v = first & 15;
    const unsigned codec = first >> 4;
    handshake h;
    h.platform = 3;
    const handshake_status status = decode_handshake(two_bytes{static_cast<uint8_t>(first), 0x09}, h);
    if (v != 1 && v != 2) {
      EXPECT_EQ(status, handshake_status::unsupported_version) << first;
    } else if (codec != 1 && codec != 2) {
      EXPECT_EQ(status, handshake_status::unsupported_codec) << first;
    } else {
      EXPECT_EQ(status, handshake_status::ok) << first;
      continue;
    }
    EXPECT_EQ(h.platform, 3) << "written only when ok";
  }
  EXPECT_STREQ(describe(handshake_status::unsupported_version), "unsupported protocol version");
  EXPECT_STREQ(describe(handshake_status::unsupported_codec), "unsupported body codec");
}

TEST(Handshake, GoesIntoAQueryAndBack) {
  const handshake sent{version::v2, body_codec::json, platform::web, 0};
  EXPECT_EQ(handshake_to_query({}), "version=1&codec=1&platform=9");
  handshake read;
  ASSERT_EQ(handshake_from_query(handshake_to_query(sent), read), handshake_status::ok);
  EXPECT_EQ(read, sent);
}

TEST(Handshake, SkipsOtherKeysOfAQuery) {
  handshake h;
  ASSERT_EQ(handshake_from_query("?a=b&codec=1&&flag&version=2&platform=4&x=version#frag=1", h), handshake_status::ok);
  EXPECT_EQ(h, (handshake{version::v2, body_codec::protobuf, platform::server, 0}));
  ASSERT_EQ(handshake_from_query("version=1&codec=1#&version=2", h), handshake_status::ok);
  EXPECT_EQ(h.version, version::v1);
  ASSERT_EQ(handshake_from_query("version=1&codec=1", h), handshake_status::ok);
  EXPECT_EQ(h.platform, platform::unknown);
}

TEST(Handshake, RefusesQueriesThatSayNothingUsable) {
  handshake h;
  EXPECT_EQ(handshake_from_query("", h), handshake_status::incomplete);
  EXPECT_EQ(handshake_from_query("version=1", h), handshake_status::incomplete);
  EXPECT_EQ(handshake_from_query("codec=1&platform=9", h), handshake_status::incomplete);
  EXPECT_EQ(handshake_from_query("version=&codec=1", h), handshake_status::malformed);
  EXPECT_EQ(handshake_from_query("version=1x&codec=1", h), handshake_status::malformed);
  EXPECT_EQ(handshake_from_query("version=1&codec=-1", h), handshake_status::malformed);
  EXPECT_EQ(handshake_from_query("version=1&codec=1&platform=16", h), handshake_status::malformed);
  EXPECT_EQ(handshake_from_query("version=99999999999&codec=1", h), handshake_status::malformed);
  EXPECT_EQ(handshake_from_query("version=3&codec=1", h), handshake_status::unsupported_version);
  EXPECT_EQ(handshake_from_query("version=257&codec=1", h), handshake_status::unsupported_version);
  EXPECT_EQ(handshake_from_query("version=1&codec=3", h), handshake_status::unsupported_codec);
}

}  // namespace
}  // namespace lbwire::wire
