#include "wire/gzip.h"

#include <gtest/gtest.h>

#include <random>

#include "allocation_counter.h"
#include "golden.h"

namespace lbwire::wire {
namespace {

bytes compressed(const bytes& in) {
  bytes out;
  deflate(in, out);
  return out;
}

bytes random_bytes(size_t size) {
  std::minstd_rand random(7);
  bytes out(size);
  for (uint8_t& byte : out) byte = static_cast<uint8_t>(random() >> 8);
  return out;
}

TEST(Gzip, InflatesWhatItDeflated) {
  for (const size_t size : {0u, 1u, 511u, 512u, 513u, 100'000u, 1'000'000u}) {
    for (const bytes& in : {bytes(size, 0x61), random_bytes(size)}) {
      bytes out = {9, 9};
      ASSERT_EQ(inflate(compressed(in), out, size), inflate_status::ok) << size;
      ASSERT_EQ(out, in);
    }
  }
}

TEST(Gzip, StopsAtTheLimitAndOnlyBeyondIt) {
  const bytes in(5000, 0x61);
  bytes out;
  EXPECT_EQ(inflate(compressed(in), out, 5000), inflate_status::ok);
  EXPECT_EQ(out.size(), 5000u);
  EXPECT_EQ(inflate(compressed(in), out, 4999), inflate_status::too_large);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(inflate(compressed({}), out, 0), inflate_status::ok);
  EXPECT_EQ(inflate(compressed({1}), out, 0), inflate_status::too_large);
}

TEST(Gzip, TakesNoMoreMemoryForABombThanTheLimit) {
  const bytes bomb = compressed(bytes(64 << 20, 0));
  ASSERT_LT(bomb.size(), 100'000u);
  bytes out;
  const size_t before = allocated_bytes();
  EXPECT_EQ(inflate(bomb, out, 100'000), inflate_status::too_large);
  EXPECT_LE(out.capacity(), 100'000u);
  EXPECT_LE(allocated_bytes() - before, 3 * 100'000u) << "all growth steps together";
}

TEST(Gzip, RefusesInputThatIsCutShortAnywhere) {
  const bytes whole = compressed(random_bytes(300));
  for (size_t size = 0; size < whole.size(); ++size) {
    bytes out;
    const bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(inflate(cut, out, 1000), inflate_status::corrupt) << size;
    EXPECT_EQ(inflate(cut, out, 300), inflate_status::corrupt) << size;
    EXPECT_TRUE(out.empty());
  }
}

TEST(Gzip, RefusesAWrongChecksumOrLength) {
  const bytes whole = compressed(to_bytes("checked"));
  for (size_t from_end = 1; from_end <= 8; ++from_end) {
    bytes damaged = whole;
    damaged[damaged.size() - from_end] ^= 0x10;
    bytes out;
    EXPECT_EQ(inflate(damaged, out, 1000), inflate_status::corrupt) << from_end;
  }
}

TEST(Gzip, RefusesBytesAfterTheMember) {
  bytes in = compressed(to_bytes("one"));
  bytes out;
  in.push_back(0);
  EXPECT_EQ(inflate(in, out, 1000), inflate_status::corrupt);
  in.pop_back();
  const bytes again = in;
  in.insert(in.end(), again.begin(), again.end());
  EXPECT_EQ(inflate(in, out, 1000), inflate_status::corrupt) << "a second member";
}

TEST(Gzip, RefusesOtherFormats) {
  bytes out;
  EXPECT_EQ(inflate(to_bytes("plain text"), out, 1000), inflate_status::corrupt);
  const bytes zlib_format = {0x78, 0x9c, 0x4b, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62};
  EXPECT_EQ(inflate(zlib_format, out, 1000), inflate_status::corrupt);
}

TEST(Gzip, SurvivesDamageAnywhere) {
  const bytes in = random_bytes(200);
  const bytes whole = compressed(in);
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned bit : {0u, 3u, 7u}) {
      bytes damaged = whole;
      damaged[at] = static_cast<uint8_t>(damaged[at] ^ (1u << bit));
      bytes out;
      if (inflate(damaged, out, 1000) == inflate_status::ok) {
        EXPECT_EQ(out, in) << "only the header may change unnoticed";
      }
    }
  }
}

}  // namespace
}  // namespace lbwire::wire
