#include "wire/stream_decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "golden.h"

namespace lbwire::wire {
namespace {

struct golden_stream {
  std::vector<const golden_packet*> packets;
  bytes wire;
};

golden_stream stream_of(version v) {
  golden_stream stream;
  for (const golden_packet& golden : golden_packets()) {
    if (golden.v != v) continue;
    stream.packets.push_back(&golden);
    stream.wire.insert(stream.wire.end(), golden.wire.begin(), golden.wire.end());
  }
  return stream;
}

// Feeds the stream in pieces, each a block of its own, so that a view that outlives its bytes shows under a
// sanitizer; collects all packets of a feed before any is looked at.
template <typename NextSize>
void expect_all_packets(const golden_stream& stream, version v, NextSize next_size) {
  stream_decoder decoder(v);
  size_t found = 0;
  for (size_t at = 0; at < stream.wire.size();) {
    const size_t size = std::min<size_t>(next_size(), stream.wire.size() - at);
    const auto from = stream.wire.begin() + static_cast<std::ptrdiff_t>(at);
    const bytes piece(from, from + static_cast<std::ptrdiff_t>(size));
    at += size;

    decoder.feed(piece);
    std::vector<packet> packets;
    for (packet p; decoder.next(p) == decode_status::ok;) packets.push_back(p);
    ASSERT_EQ(decoder.unread(), 0u);
    for (const packet& p : packets) {
      ASSERT_LT(found, stream.packets.size());
      expect_same(p, *stream.packets[found++]);
    }
    decoder.release();
  }
  EXPECT_EQ(found, stream.packets.size());
  EXPECT_FALSE(decoder.mid_packet());
  EXPECT_EQ(decoder.position(), stream.wire.size());
  EXPECT_EQ(decoder.buffered_capacity(), 0u);
}

TEST(StreamDecoder, FindsEveryPacketAtAnyFragmentSize) {
  for (const version v : {version::v1, version::v2}) {
    const golden_stream stream = stream_of(v);
    for (const size_t size : {1u, 2u, 3u, 5u, 7u, 11u, 13u, 64u, 333u, 1000u, 4096u, 1u << 20}) {
      SCOPED_TRACE(size);
      expect_all_packets(stream, v, [&] { return size; });
    }
  }
}

TEST(StreamDecoder, FindsEveryPacketAtRandomFragmentSizes) {
  const golden_stream stream = stream_of(version::v2);
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::minstd_rand random(seed);
    expect_all_packets(stream, version::v2, [&] { return 1 + random() % 200; });
  }
}

TEST(StreamDecoder, FindsAPacketCutInTwoAtAnyPlace) {
  for (const golden_packet& golden : golden_packets()) {
    for (size_t cut = 0; cut <= golden.wire.size(); ++cut) {
      stream_decoder decoder(golden.v);
      packet p;
      decoder.feed(std::span(golden.wire).first(cut));
      if (cut < golden.wire.size()) {
        ASSERT_EQ(decoder.next(p), decode_status::incomplete);
        ASSERT_EQ(decoder.mid_packet(), cut > 0);
        decoder.feed(std::span(golden.wire).subspan(cut));
      }
      ASSERT_EQ(decoder.next(p), decode_status::ok);
      expect_same(p, golden);
      ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    }
  }
}

TEST(StreamDecoder, LendsWholePacketsOutOfTheCallersBytes) {
  const golden_stream stream = stream_of(version::v1);
  stream_decoder decoder(version::v1);
  decoder.feed(stream.wire);
  for (packet p; decoder.next(p) == decode_status::ok;) {
    EXPECT_GE(p.body.data(), stream.wire.data());
    EXPECT_LE(p.body.data() + p.body.size(), stream.wire.data() + stream.wire.size());
  }
  EXPECT_EQ(decoder.buffered_capacity(), 0u);
}

TEST(StreamDecoder, KeepsAnAssembledPacketWhileTheTailOfTheSameFeedIsStashed) {
  const bytes one = {0x03, 0x65, 0, 0, 3, 'a', 'b', 'c'};
  const bytes two = {0x03, 0x66, 0, 0, 3, 'd', 'e', 'f'};
  bytes second(one.begin() + 4, one.end());
  second.insert(second.end(), two.begin(), two.end());
  second.insert(second.end(), one.begin(), one.begin() + 6);

  stream_decoder decoder;
  packet first;
  packet middle;
  packet rest;
  decoder.feed(std::span(one).first(4));
  ASSERT_EQ(decoder.next(first), decode_status::incomplete);
  decoder.feed(second);
  ASSERT_EQ(decoder.next(first), decode_status::ok);
  ASSERT_EQ(decoder.next(middle), decode_status::ok);
  ASSERT_EQ(decoder.next(rest), decode_status::incomplete);
  EXPECT_EQ(bytes(first.body.begin(), first.body.end()), to_bytes("abc"));
  EXPECT_EQ(bytes(middle.body.begin(), middle.body.end()), to_bytes("def"));
  EXPECT_TRUE(decoder.mid_packet());
  decoder.feed(std::span(one).subspan(6));
  ASSERT_EQ(decoder.next(rest), decode_status::ok);
  EXPECT_EQ(bytes(rest.body.begin(), rest.body.end()), to_bytes("abc"));
}

TEST(StreamDecoder, TakesMemoryForBytesThatArrivedNotForBytesThatWereClaimed) {
  const bytes header = {0x01, 0x0b, 0, 0, 0, 1, 0, 1, 0xff, 0xff, 0xff};
  stream_decoder decoder;
  packet p;
  decoder.feed(header);
  EXPECT_EQ(decoder.next(p), decode_status::incomplete);
  EXPECT_LE(decoder.buffered_capacity(), 256u);
  const bytes more(1000);
  for (size_t arrived = header.size() + more.size(); arrived < 100'000; arrived += more.size()) {
    decoder.feed(more);
    ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    ASSERT_LE(decoder.buffered_capacity(), 2 * arrived);
  }
}

TEST(StreamDecoder, GivesALargeBufferBackOnceItsPacketWasConsumed) {
  bytes wire = {0x03, 0x65, 0x01, 0x00, 0x00};
  wire.resize(wire.size() + 0x10000, 0x77);
  const bytes next = {0x03, 0x65, 0, 0, 0};
  for (const bool explicitly : {false, true}) {
    stream_decoder decoder;
    packet p;
    decoder.feed(std::span(wire).first(100));
    ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    decoder.feed(std::span(wire).subspan(100));
    ASSERT_EQ(decoder.next(p), decode_status::ok);
    EXPECT_EQ(p.body.size(), 0x10000u);
    ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    EXPECT_GE(decoder.buffered_capacity(), wire.size());
    if (explicitly) {
      decoder.release();
    } else {
      decoder.feed(next);
    }
    EXPECT_EQ(decoder.buffered_capacity(), 0u);
  }
}

TEST(StreamDecoder, SaysWhereTheStreamBroke) {
  const bytes good = {0x03, 0x65, 0, 0, 1, 0xaa};
  bytes wire = good;
  wire.insert(wire.end(), good.begin(), good.end());
  wire.insert(wire.end(), {0x0f, 0x65, 0});
  for (const size_t piece : {1u, 4u, 100u}) {
    stream_decoder decoder;
    size_t found = 0;
    decode_status status = decode_status::incomplete;
    for (size_t at = 0; at < wire.size(); at += piece) {
      decoder.feed(std::span(wire).subspan(at, std::min(piece, wire.size() - at)));
      packet p;
      while ((status = decoder.next(p)) == decode_status::ok) ++found;
    }
    EXPECT_EQ(found, 2u);
    EXPECT_EQ(status, decode_status::bad_type);
    EXPECT_EQ(decoder.error_offset(), 12u);
    EXPECT_EQ(decoder.unread(), 0u);
  }
}

TEST(StreamDecoder, RefusesAPacketAboveItsLimitBeforeTheBodyArrives) {
  const bytes header = {0x03, 0x65, 0, 1, 0};
  for (const size_t cut : {0u, 3u}) {
    stream_decoder decoder(version::v1, 5 + 255);
    packet p;
    if (cut > 0) {
      decoder.feed(std::span(header).first(cut));
      ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    }
    decoder.feed(std::span(header).subspan(cut));
    EXPECT_EQ(decoder.next(p), decode_status::too_large);
    EXPECT_EQ(decoder.error_offset(), 2u);
    EXPECT_EQ(decoder.buffered_capacity(), 0u);
  }
}

TEST(StreamDecoder, StaysFailedUntilReset) {
  const bytes bad = {0x00};
  const bytes good = {0x03, 0x65, 0, 0, 0, 0, 0};
  stream_decoder decoder;
  packet p;
  decoder.feed(bad);
  EXPECT_EQ(decoder.next(p), decode_status::bad_type);
  decoder.feed(good);
  EXPECT_EQ(decoder.next(p), decode_status::bad_type);
  decoder.reset(version::v2);
  EXPECT_EQ(decoder.protocol_version(), version::v2);
  decoder.feed(good);
  EXPECT_EQ(decoder.next(p), decode_status::ok);
  EXPECT_EQ(decoder.position(), 7u);
}

TEST(StreamDecoder, CountsTheBytesItHasNotTaken) {
  const bytes wire = {0x03, 0x65, 0, 0, 0, 0x03, 0x66, 0, 0, 0};
  stream_decoder decoder;
  packet p;
  decoder.feed(wire);
  EXPECT_EQ(decoder.unread(), 10u);
  ASSERT_EQ(decoder.next(p), decode_status::ok);
  EXPECT_EQ(decoder.unread(), 5u);
  EXPECT_EQ(decoder.position(), 5u);
}

TEST(StreamDecoder, GivesEvenSmallBuffersBackWhenTold) {
  const bytes wire = {0x03, 0x65, 0, 0, 1, 0xaa};
  stream_decoder decoder;
  packet p;
  for (int round = 0; round < 3; ++round) {
    decoder.feed(std::span(wire).first(3));
    ASSERT_EQ(decoder.next(p), decode_status::incomplete);
    decoder.feed(std::span(wire).subspan(3));
    ASSERT_EQ(decoder.next(p), decode_status::ok);
  }
  decoder.feed({});
  EXPECT_GT(decoder.buffered_capacity(), 0u);
  decoder.release();
  EXPECT_EQ(decoder.buffered_capacity(), 0u);
}

TEST(StreamDecoder, KeepsTheStartOfAPacketWhenMemoryIsReleased) {
  const bytes wire = {0x03, 0x65, 0, 0, 1, 0xaa};
  stream_decoder decoder;
  packet p;
  decoder.feed(std::span(wire).first(3));
  ASSERT_EQ(decoder.next(p), decode_status::incomplete);
  decoder.release();
  decoder.feed(std::span(wire).subspan(3));
  ASSERT_EQ(decoder.next(p), decode_status::ok);
  EXPECT_EQ(p.body[0], 0xaa);
}

TEST(StreamDecoder, GoesOnWhereItStoppedWhenTheRestWasTakenBack) {
  const golden_stream stream = stream_of(version::v1);
  const size_t cut = stream.packets[0]->wire.size() / 2;
  stream_decoder decoder(version::v1);
  packet p;
  decoder.feed(std::span(stream.wire).first(cut));
  ASSERT_EQ(decoder.next(p), decode_status::incomplete);
  std::span<const uint8_t> rest = std::span(stream.wire).subspan(cut);
  for (const golden_packet* const golden : stream.packets) {
    decoder.feed(rest);
    ASSERT_EQ(decoder.next(p), decode_status::ok);
    rest = decoder.take_back();
    EXPECT_EQ(decoder.unread(), 0u);
    expect_same(p, *golden);
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(decoder.position(), stream.wire.size());
}

TEST(StreamDecoder, AppliesANewLimitToWhatFollows) {
  const bytes wire = {0x03, 0x65, 0, 0, 2, 0xaa, 0xbb};
  stream_decoder decoder;
  packet p;
  decoder.feed(wire);
  EXPECT_EQ(decoder.next(p), decode_status::ok);
  decoder.set_limit(6);
  decoder.feed(wire);
  EXPECT_EQ(decoder.next(p), decode_status::too_large);
  EXPECT_EQ(decoder.error_offset(), 9u);
}

TEST(StreamDecoder, WaitsOnAnEmptyFeed) {
  stream_decoder decoder;
  packet p;
  EXPECT_EQ(decoder.next(p), decode_status::incomplete);
  decoder.feed({});
  EXPECT_EQ(decoder.next(p), decode_status::incomplete);
  EXPECT_FALSE(decoder.mid_packet());
}

}  // namespace
}  // namespace lbwire::wire
