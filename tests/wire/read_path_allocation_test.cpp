#include <gtest/gtest.h>

#include "allocation_counter.h"
#include "golden.h"
#include "wire/metadata.h"
#include "wire/packet.h"
#include "wire/stream_decoder.h"

namespace lbwire::wire {
namespace {

TEST(ReadPath, CountsAllocationsAtAll) {
  const size_t before = allocation_count();
  const bytes block(10);
  EXPECT_EQ(allocation_count(), before + 1);
}

TEST(ReadPath, DecodingAndEncodingDoNotAllocate) {
  bytes out(1 << 16);
  golden_packets();
  const size_t before = allocation_count();
  size_t failures = 0;
  for (const golden_packet& golden : golden_packets()) {
    packet p;
    if (decode(golden.wire, golden.v, max_packet_size, p).status != decode_status::ok) ++failures;
    if (validate_metadata(p.metadata).status != metadata_status::ok) ++failures;
    if (golden.v == version::v2 && !find_metadata(p.metadata, "X-Trace-Id")) ++failures;
    if (encode(p, golden.v, out) != golden.wire.size()) ++failures;
  }
  EXPECT_EQ(allocation_count(), before);
  EXPECT_EQ(failures, 0u);
}

TEST(ReadPath, AStreamOfWholePacketsDoesNotAllocate) {
  bytes wire;
  for (const golden_packet& golden : golden_packets()) {
    if (golden.v == version::v1) wire.insert(wire.end(), golden.wire.begin(), golden.wire.end());
  }
  const size_t before = allocation_count();
  stream_decoder decoder(version::v1);
  size_t found = 0;
  for (int round = 0; round < 10; ++round) {
    decoder.feed(wire);
    for (packet p; decoder.next(p) == decode_status::ok;) ++found;
    decoder.release();
  }
  EXPECT_EQ(allocation_count(), before);
  EXPECT_GT(found, 0u);
}

TEST(ReadPath, SmallPacketsThatStraddleFeedAfterFeedSettleWithoutAllocating) {
  const bytes packet_bytes = {0x03, 0x65, 0, 0, 3, 1, 2, 3};
  bytes wire;
  for (int i = 0; i < 3000; ++i) wire.insert(wire.end(), packet_bytes.begin(), packet_bytes.end());
  stream_decoder decoder(version::v1);
  size_t found = 0;
  size_t before = 0;
  for (size_t at = 0; at < wire.size(); at += 101) {
    if (at == 101 * 4) before = allocation_count();
    decoder.feed(std::span(wire).subspan(at, std::min<size_t>(101, wire.size() - at)));
    for (packet p; decoder.next(p) == decode_status::ok;) ++found;
  }
  EXPECT_EQ(allocation_count(), before);
  EXPECT_EQ(found, 3000u);
}

}  // namespace
}  // namespace lbwire::wire
