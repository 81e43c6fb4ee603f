#include "session/send_buffer.h"

#include <gtest/gtest.h>

#include <deque>

#include "fixture.h"

namespace lbwire::session {
namespace {

void put(send_buffer& buffer, bytes what) {
  const auto room = buffer.prepare(what.size());
  ASSERT_EQ(room.size(), what.size());
  std::copy(what.begin(), what.end(), room.begin());
  buffer.commit(what.size());
}

byte_string waiting(const send_buffer& buffer) {
  return {buffer.pending().begin(), buffer.pending().end()};
}

TEST(SendBuffer, HoldsNoMemoryAtFirst) {
  const send_buffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.size(), 0u);
  EXPECT_EQ(buffer.capacity(), 0u);
  EXPECT_TRUE(buffer.pending().empty());
}

TEST(SendBuffer, CountsWhatWasCommittedAndNotWhatWasPrepared) {
  send_buffer buffer;
  buffer.prepare(100);
  EXPECT_TRUE(buffer.empty());
  buffer.prepare(100)[0] = 9;
  buffer.commit(1);
  EXPECT_EQ(waiting(buffer), byte_string{9});
}

TEST(SendBuffer, GivesBytesInOrderAcrossPartialTakes) {
  send_buffer buffer;
  put(buffer, text_bytes("one"));
  put(buffer, text_bytes("two"));
  buffer.consume(4);
  EXPECT_EQ(as_text(waiting(buffer)), "wo");
  put(buffer, text_bytes("three"));
  EXPECT_EQ(as_text(waiting(buffer)), "wothree");
  buffer.consume(7);
  EXPECT_TRUE(buffer.empty());
}

TEST(SendBuffer, KeepsASmallBlockWhenEmptiedUntilItIsTrimmed) {
  send_buffer buffer;
  put(buffer, byte_string(100));
  buffer.consume(100);
  EXPECT_GT(buffer.capacity(), 0u);
  buffer.trim();
  EXPECT_EQ(buffer.capacity(), 0u);
}

TEST(SendBuffer, GivesALargeBlockBackWhenEmptied) {
  send_buffer buffer;
  put(buffer, byte_string(1 << 20));
  buffer.consume((1 << 20) - 1);
  EXPECT_GT(buffer.capacity(), 0u);
  buffer.consume(1);
  EXPECT_EQ(buffer.capacity(), 0u);
}

TEST(SendBuffer, TrimKeepsWhatWaits) {
  send_buffer buffer;
  put(buffer, text_bytes("wait"));
  buffer.trim();
  EXPECT_EQ(as_text(waiting(buffer)), "wait");
}

TEST(SendBuffer, ClearForgetsWhatWaitsAndItsMemory) {
  send_buffer buffer;
  put(buffer, text_bytes("gone"));
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.capacity(), 0u);
  put(buffer, text_bytes("new"));
  EXPECT_EQ(as_text(waiting(buffer)), "new");
}

TEST(SendBuffer, DoesNotGrowWhileItsReaderKeepsUp) {
  send_buffer buffer;
  put(buffer, byte_string(64));
  for (int i = 0; i < 10000; ++i) {
    put(buffer, byte_string(64));
    buffer.consume(64);
  }
  EXPECT_EQ(buffer.size(), 64u);
  EXPECT_LE(buffer.capacity(), 512u);
}

TEST(SendBuffer, IsAQueueInRandomUse) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    seeded_random random(seed);
    send_buffer buffer;
    std::deque<uint8_t> model;
    uint8_t next = 0;
    for (int i = 0; i < 2000; ++i) {
      if (random.below(2) == 0) {
        byte_string in(random.below(random.below(20) == 0 ? 5000 : 200));
        for (uint8_t& byte : in) byte = next++;
        put(buffer, in);
        model.insert(model.end(), in.begin(), in.end());
      } else {
        const size_t count = random.below(std::min<size_t>(model.size(), 300) + 1);
        buffer.consume(count);
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
      }
      if (random.below(50) == 0) buffer.trim();
      ASSERT_EQ(buffer.size(), model.size());
      ASSERT_TRUE(std::equal(model.begin(), model.end(), buffer.pending().begin(), buffer.pending().end()));
    }
  }
}

}  // namespace
}  // namespace lbwire::session
