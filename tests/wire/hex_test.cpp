#include "wire/hex.h"

#include <gtest/gtest.h>

namespace lbwire::wire {
namespace {

TEST(Hex, GoesBothWays) {
  std::vector<uint8_t> all(256);
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<uint8_t>(i);
  std::vector<uint8_t> back;
  ASSERT_TRUE(from_hex(to_hex(all), back));
  EXPECT_EQ(back, all);
  EXPECT_EQ(to_hex(std::vector<uint8_t>{0x00, 0xaf}), "00af");
}

TEST(Hex, ReadsEitherCaseAndNothingElse) {
  std::vector<uint8_t> out;
  EXPECT_TRUE(from_hex("aAfF", out));
  EXPECT_EQ(out, (std::vector<uint8_t>{0xaa, 0xff}));
  EXPECT_TRUE(from_hex("", out));
  EXPECT_TRUE(out.empty());
  for (const char* const bad : {"a", "0g", "g0", "0x00", " 00", "00 ", "0:"}) EXPECT_FALSE(from_hex(bad, out)) << bad;
  EXPECT_FALSE(from_hex(std::string_view("0011").substr(0, 3), out)) << "what lies beyond the text is not read";
}

}  // namespace
}  // namespace lbwire::wire
