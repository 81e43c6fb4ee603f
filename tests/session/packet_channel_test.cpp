#include "session/packet_channel.h"

#include <gtest/gtest.h>

#include <limits>

#include "fixture.h"
#include "wire/gzip.h"

namespace lbwire::session {
namespace {

using received = packet_channel::received;

class PacketChannel : public testing::Test {
 protected:
  packet_channel& channel() {
    if (!channel_) {
      channel_.emplace(limits);
      channel_->reset({});
    }
    return *channel_;
  }
  byte_string output() {
    const bytes pending = channel().output().pending();
    byte_string out(pending.begin(), pending.end());
    channel().sent(out.size());
    return out;
  }

  channel_limits limits;
  event_batch batch;
  wire::packet p;

 private:
  std::optional<packet_channel> channel_;
};

TEST_F(PacketChannel, GivesPacketsOneAtATime) {
  const byte_string raw = encoded(push_packet(101)) + encoded(response_packet(11, 7, text_bytes("x"), 3));
  channel().feed(raw);
  ASSERT_EQ(channel().next(p, batch), received::packet);
  EXPECT_EQ(p.cmd, 101);
  ASSERT_EQ(channel().next(p, batch), received::packet);
  EXPECT_EQ(p.request_id, 7u);
  EXPECT_EQ(p.status, 3);
  EXPECT_EQ(as_text(p.body), "x");
  EXPECT_EQ(channel().next(p, batch), received::nothing);
  EXPECT_EQ(channel().counters().bytes_received, raw.size());
  EXPECT_EQ(channel().counters().packets_received, 2u);
}

TEST_F(PacketChannel, WhatWasTakenBackWasNotReceived) {
  const byte_string first = encoded(push_packet(101)), second = encoded(push_packet(102));
  const byte_string raw = first + second;
  channel().feed(raw);
  ASSERT_EQ(channel().next(p, batch), received::packet);
  const bytes rest = channel().take_back();
  EXPECT_EQ(byte_string(rest.begin(), rest.end()), second);
  EXPECT_EQ(channel().counters().bytes_received, first.size());
  EXPECT_EQ(channel().next(p, batch), received::nothing);
  channel().feed(rest);
  ASSERT_EQ(channel().next(p, batch), received::packet);
  EXPECT_EQ(p.cmd, 102);
  EXPECT_EQ(channel().counters().bytes_received, raw.size());
}

TEST_F(PacketChannel, AMalformedStreamStaysMalformed) {
  const byte_string raw = {0x0f, 1, 2};
  channel().feed(raw);
  EXPECT_EQ(channel().next(p, batch), received::malformed);
  EXPECT_EQ(channel().problem(), "unknown packet type at byte 0");
  const byte_string good = encoded(push_packet(101));
  channel().feed(good);
  EXPECT_EQ(channel().next(p, batch), received::malformed);
  channel().reset({});
  EXPECT_EQ(channel().problem(), "");
  channel().feed(good);
  EXPECT_EQ(channel().next(p, batch), received::packet);
}

TEST_F(PacketChannel, ResetForgetsTheConnectionAndKeepsTheCounters) {
  channel().send_push(101, {});
  EXPECT_EQ(channel().next_request_id(), 1u);
  const byte_string part = {0x03, 0x65, 0x00};
  channel().feed(part);
  EXPECT_EQ(channel().next(p, batch), received::nothing);
  channel().reset({wire::version::v2, wire::body_codec::json});
  EXPECT_TRUE(channel().output().empty());
  EXPECT_EQ(channel().next_request_id(), 1u);
  EXPECT_EQ(channel().version(), wire::version::v2);
  EXPECT_EQ(channel().codec(), wire::body_codec::json);
  EXPECT_EQ(channel().counters().bytes_received, 3u);
  EXPECT_EQ(channel().counters().packets_sent, 1u);
}

TEST_F(PacketChannel, RequestIdsStartAtOneAndAfterTheLastAtOneAgain) {
  EXPECT_EQ(channel().next_request_id(), 1u);
  EXPECT_EQ(channel().next_request_id(), 2u);
  channel().set_last_request_id(std::numeric_limits<uint32_t>::max() - 1);
  EXPECT_EQ(channel().next_request_id(), 4294967295u);
  EXPECT_EQ(channel().next_request_id(), 1u);
}

TEST_F(PacketChannel, SendsEachKindOfPacket) {
  const byte_string body = text_bytes("body");
  channel().send_push(101, body);
  channel().send_request(11, 5, 700, body);
  channel().send_response(12, 6, 3, body);
  channel().send_raw(text_bytes("raw"));
  const byte_string out = output();
  EXPECT_EQ(out, encoded(push_packet(101, body)) + encoded(request_packet(11, 5, body, 700)) +
                     encoded(response_packet(12, 6, body, 3)) + text_bytes("raw"));
  EXPECT_EQ(channel().counters().bytes_sent, out.size());
  EXPECT_EQ(channel().counters().packets_sent, 3u);
}

TEST_F(PacketChannel, CompressesBusinessBodiesThatGetSmaller) {
  channel().compress_from(50);
  const byte_string large(200, 'a');
  channel().send_push(101, large);
  const auto p1 = decoded(output())[0];
  EXPECT_TRUE(p1.gzip);
  byte_string inflated;
  EXPECT_EQ(wire::inflate(p1.body, inflated, 1000), wire::inflate_status::ok);
  EXPECT_EQ(inflated, large);

  channel().send_push(101, byte_string(49, 'a'));
  EXPECT_FALSE(decoded(output())[0].gzip);
  channel().send_push(number(wire::command::close), large);
  EXPECT_FALSE(decoded(output())[0].gzip) << "control commands stay as they are";
  seeded_random noise(1);
  byte_string random_body(60);
  for (uint8_t& byte : random_body) byte = static_cast<uint8_t>(noise.next());
  channel().send_push(101, random_body);
  const auto p2 = decoded(output())[0];
  EXPECT_FALSE(p2.gzip) << "it would have grown";
  EXPECT_EQ(p2.body, random_body);
}

TEST_F(PacketChannel, GivesCompressedPacketsAsIfTheyHadNotBeen) {
  owned_packet compressed = push_packet(101);
  wire::deflate(text_bytes("inflated"), compressed.body);
  compressed.gzip = true;
  const byte_string raw = encoded(compressed);
  channel().feed(raw);
  ASSERT_EQ(channel().next(p, batch), received::packet);
  EXPECT_FALSE(p.gzip);
  EXPECT_EQ(as_text(p.body), "inflated");
}

TEST_F(PacketChannel, HasRoomUpToItsLimitAndForOnePacketOfAnySize) {
  limits.max_send_queue_bytes = 100;
  EXPECT_TRUE(channel().has_room(wire::max_body_size));
  channel().send_push(101, byte_string(35));  // 40 in all
  EXPECT_TRUE(channel().has_room(49));        // a request's header takes 11
  EXPECT_FALSE(channel().has_room(50));
  channel().send_push(101, byte_string(55));
  EXPECT_FALSE(channel().overfull());
  channel().send_push(101, {});
  EXPECT_TRUE(channel().overfull());
  EXPECT_FALSE(channel().has_room(0));
  channel().sent(5);
  EXPECT_FALSE(channel().overfull());
}

TEST_F(PacketChannel, TakesPacketsUpToItsLimit) {
  limits.max_packet_bytes = 50;
  const byte_string fits = encoded(push_packet(101, byte_string(45)));
  channel().feed(fits);
  EXPECT_EQ(channel().next(p, batch), received::packet);
  const byte_string too_large = encoded(push_packet(101, byte_string(46)));
  channel().feed(too_large);
  EXPECT_EQ(channel().next(p, batch), received::malformed);
}

TEST_F(PacketChannel, ProgressIsAPacketOrALargePartOfOne) {
  EXPECT_FALSE(channel().take_progress());
  const byte_string raw = encoded(push_packet(101, byte_string(9000)));
  const auto feed = [&](size_t from, size_t count) {
    channel().feed(bytes(raw).subspan(from, count));
    channel().next(p, batch);
  };
  feed(0, 4095);
  EXPECT_FALSE(channel().take_progress());
  feed(4095, 1);
  EXPECT_TRUE(channel().take_progress());
  EXPECT_FALSE(channel().take_progress());
  feed(4096, 4095);
  EXPECT_FALSE(channel().take_progress());
  feed(8191, raw.size() - 8191);
  EXPECT_TRUE(channel().take_progress());
  EXPECT_FALSE(channel().take_progress());
}

TEST_F(PacketChannel, ProgressOfAConnectionIsNoneOfTheNext) {
  const byte_string raw = encoded(push_packet(101, byte_string(5000))) + byte_string(4096, 0x03);
  channel().feed(raw);
  channel().next(p, batch);
  channel().reset({});
  EXPECT_FALSE(channel().take_progress());
}

TEST_F(PacketChannel, BytesThatAreTakenBackAreNoProgress) {
  const byte_string raw = encoded(push_packet(101, byte_string(5000)));
  for (int i = 0; i < 3; ++i) {
    channel().feed(bytes(raw).first(3000));
    channel().take_back();
  }
  EXPECT_FALSE(channel().take_progress());
}

TEST_F(PacketChannel, SaysWithinWhatTime) {
  EXPECT_EQ(within(milliseconds(10000)), "within 10000 ms");
}

}  // namespace
}  // namespace lbwire::session
