#include "wire/packet.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "wire/gzip.h"

namespace lbwire::wire {
namespace {

decode_result decode_any(const bytes& in, packet& out, version v = version::v1) {
  return decode(in, v, max_packet_size, out);
}

TEST(Packet, DecodesEveryGoldenPacket) {
  for (const golden_packet& golden : golden_packets()) {
    packet p;
    const decode_result result = decode_any(golden.wire, p, golden.v);
    ASSERT_EQ(result.status, decode_status::ok) << golden.name;
    EXPECT_EQ(result.size, golden.wire.size());
    expect_same(p, golden);
  }
}

TEST(Packet, EncodesEveryGoldenPacketToItsBytes) {
  for (const golden_packet& golden : golden_packets()) {
    const packet p = view_of(golden);
    bytes out(encoded_size(p, golden.v));
    ASSERT_EQ(encode(p, golden.v, out), out.size()) << golden.name;
    EXPECT_EQ(out, golden.wire) << golden.name;
  }
}

TEST(Packet, ReadsBackABodyItCompressedItself) {
  for (const golden_packet& golden : golden_packets()) {
    if (!golden.gzip) continue;
    bytes compressed;
    deflate(golden.body, compressed);
    packet p = view_of(golden);
    p.body = compressed;
    bytes out(encoded_size(p, golden.v));
    ASSERT_EQ(encode(p, golden.v, out), out.size());
    packet again;
    ASSERT_EQ(decode_any(out, again, golden.v).status, decode_status::ok);
    expect_same(again, golden);
  }
}

TEST(Packet, IsIncompleteAtEveryTruncationAndSaysHowMuchItNeeds) {
  for (const golden_packet& golden : golden_packets()) {
    const size_t header = header_size(golden.type, golden.v);
    for (size_t size = 0; size < golden.wire.size(); ++size) {
      const bytes cut(golden.wire.begin(), golden.wire.begin() + static_cast<std::ptrdiff_t>(size));
      packet p;
      p.cmd = 77;
      const decode_result result = decode_any(cut, p, golden.v);
      ASSERT_EQ(result.status, decode_status::incomplete) << golden.name << " cut to " << size;
      ASSERT_EQ(result.size, size == 0       ? header_size(packet_type::push, golden.v)
                             : size < header ? header
                                             : golden.wire.size());
      ASSERT_GT(result.size, size);
      ASSERT_EQ(p.cmd, 77) << "the packet is written only when whole";
    }
  }
}

TEST(Packet, TakesOnePacketAndLeavesWhatFollows) {
  const golden_packet& golden = golden_packets().front();
  bytes in = golden.wire;
  in.insert(in.end(), {0x00, 0xff, 0xee});
  packet p;
  const decode_result result = decode_any(in, p, golden.v);
  EXPECT_EQ(result.status, decode_status::ok);
  EXPECT_EQ(result.size, golden.wire.size());
}

TEST(Packet, PointsIntoTheBytesItWasDecodedFrom) {
  const bytes in = {0x03, 0x65, 0x00, 0x00, 0x02, 0xaa, 0xbb};
  packet p;
  ASSERT_EQ(decode_any(in, p).status, decode_status::ok);
  EXPECT_EQ(p.body.data(), in.data() + 5);
}

TEST(Packet, RefusesTypesOtherThanTheThree) {
  for (unsigned flags = 0; flags < 256; ++flags) {
    const unsigned type = flags & 0x0f;
    const bytes in = {static_cast<uint8_t>(flags)};
    packet p;
    const decode_result result = decode_any(in, p);
    if (type >= 1 && type <= 3) {
      EXPECT_EQ(result.status, decode_status::incomplete) << flags;
    } else {
      EXPECT_EQ(result.status, decode_status::bad_type) << flags;
      EXPECT_EQ(result.offset, 0u);
    }
  }
}

TEST(Packet, AcceptsAnyReservedBitsAndSendsZero) {
  for (const unsigned reserved : {0x40u, 0x80u, 0xc0u}) {
    const bytes in = {static_cast<uint8_t>(0x03u | reserved), 0x65, 0x00, 0x00, 0x01, 0xaa};
    packet p;
    ASSERT_EQ(decode_any(in, p).status, decode_status::ok);
    bytes out(encoded_size(p, version::v1));
    ASSERT_EQ(encode(p, version::v1, out), in.size());
    EXPECT_EQ(out[0], 0x03);
  }
}

TEST(Packet, ClearsTheFieldsThatTheTypeDoesNotCarry) {
  const bytes in = {0x03, 0x65, 0x00, 0x00, 0x00};
  const bytes stale = {1, 2, 3};
  packet p;
  p.request_id = 1;
  p.timeout_ms = 2;
  p.status = 3;
  p.nonce = 4;
  p.signature = stale;
  p.metadata = stale;
  ASSERT_EQ(decode_any(in, p).status, decode_status::ok);
  EXPECT_EQ(p.request_id, 0u);
  EXPECT_EQ(p.timeout_ms, 0u);
  EXPECT_EQ(p.status, 0u);
  EXPECT_EQ(p.nonce, 0u);
  EXPECT_TRUE(p.signature.empty());
  EXPECT_TRUE(p.metadata.empty());
}

TEST(Packet, RefusesAnOversizedPacketAsSoonAsItsHeaderIsThere) {
  const bytes header = {0x13, 0x65, 0x00, 0x00, 0x64};
  packet p;
  EXPECT_EQ(decode(header, version::v1, 5 + 100 + 24, p).status, decode_status::incomplete);
  const decode_result result = decode(header, version::v1, 5 + 100 + 23, p);
  EXPECT_EQ(result.status, decode_status::too_large);
  EXPECT_EQ(result.offset, 2u);
}

TEST(Packet, CountsMetadataTowardsTheLimit) {
  const bytes header = {0x03, 0x65, 0x00, 0x64, 0x00, 0x00, 0x00};
  packet p;
  EXPECT_EQ(decode(header, version::v2, 107, p).status, decode_status::incomplete);
  const decode_result result = decode(header, version::v2, 106, p);
  EXPECT_EQ(result.status, decode_status::too_large);
  EXPECT_EQ(result.offset, 2u);
}

TEST(Packet, CarriesTheLargestBodyAndMetadata) {
  const bytes body(max_body_size, 0xab);
  const bytes metadata(max_metadata_size, 0xcd);
  const bytes signature(signature_size, 0xef);
  packet p;
  p.type = packet_type::request;
  p.body = body;
  p.metadata = metadata;
  p.verify = true;
  p.signature = signature;
  bytes out(encoded_size(p, version::v2));
  ASSERT_EQ(out.size(), max_packet_size);
  ASSERT_EQ(encode(p, version::v2, out), out.size());
  packet again;
  ASSERT_EQ(decode_any(out, again, version::v2).status, decode_status::ok);
  EXPECT_TRUE(std::equal(again.body.begin(), again.body.end(), body.begin(), body.end()));
  EXPECT_TRUE(std::equal(again.metadata.begin(), again.metadata.end(), metadata.begin(), metadata.end()));
}

TEST(Packet, ReportsATimeoutAboveTheMaximumButDoesNotSendOne) {
  const bytes in = {0x01, 0x0b, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0};
  packet p;
  ASSERT_EQ(decode_any(in, p).status, decode_status::ok);
  EXPECT_EQ(p.timeout_ms, 65535u);
  bytes out(64);
  EXPECT_EQ(encode(p, version::v1, out), 0u);
  p.timeout_ms = max_timeout_ms;
  EXPECT_EQ(encode(p, version::v1, out), in.size());
}

TEST(Packet, RefusesToEncodeWhatHasNoPlaceOnTheWire) {
  bytes out(max_packet_size + 16);
  const bytes three = {1, 2, 3};
  packet with_metadata;
  with_metadata.metadata = three;
  EXPECT_EQ(encode(with_metadata, version::v1, out), 0u);
  EXPECT_GT(encode(with_metadata, version::v2, out), 0u);

  packet bad_signature;
  bad_signature.verify = true;
  bad_signature.signature = three;
  EXPECT_EQ(encode(bad_signature, version::v1, out), 0u);

  packet bad_type;
  bad_type.type = static_cast<packet_type>(4);
  EXPECT_EQ(encode(bad_type, version::v1, out), 0u);

  const bytes big(max_body_size + 1);
  packet big_body;
  big_body.body = big;
  EXPECT_EQ(encode(big_body, version::v1, out), 0u);
  packet big_metadata;
  big_metadata.metadata = std::span(big).first(max_metadata_size + 1);
  EXPECT_EQ(encode(big_metadata, version::v2, out), 0u);
}

TEST(Packet, WritesNothingIntoABufferThatIsTooSmall) {
  for (const golden_packet& golden : golden_packets()) {
    bytes out(golden.wire.size() - 1, 0x5a);
    EXPECT_EQ(encode(view_of(golden), golden.v, out), 0u);
    EXPECT_EQ(out, bytes(out.size(), 0x5a));
  }
}

TEST(Packet, NamesTypesAndStatuses) {
  EXPECT_STREQ(packet_type_name(packet_type::request), "request");
  EXPECT_STREQ(packet_type_name(packet_type::response), "response");
  EXPECT_STREQ(packet_type_name(packet_type::push), "push");
  EXPECT_STREQ(describe(decode_status::bad_type), "unknown packet type");
}

}  // namespace
}  // namespace lbwire::wire
