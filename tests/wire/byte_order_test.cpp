#include "wire/byte_order.h"

#include <gtest/gtest.h>

#include <array>

namespace lbwire::wire {
namespace {

constexpr std::array<uint8_t, 8> sample = {0xf1, 0x02, 0x83, 0x04, 0x95, 0x06, 0xa7, 0x08};

TEST(ByteOrder, LoadsTheFirstByteAsTheHighest) {
  EXPECT_EQ(load_be16(sample.data()), 0xf102u);
  EXPECT_EQ(load_be24(sample.data()), 0xf10283u);
  EXPECT_EQ(load_be32(sample.data()), 0xf1028304u);
  EXPECT_EQ(load_be64(sample.data()), 0xf10283049506a708u);
}

TEST(ByteOrder, StoresWhatItLoads) {
  std::array<uint8_t, 8> out{};
  store_be64(out.data(), load_be64(sample.data()));
  EXPECT_EQ(out, sample);
  out.fill(0);
  store_be16(out.data(), 0xf102);
  store_be24(out.data() + 2, 0x830495);
  EXPECT_EQ(out, (std::array<uint8_t, 8>{0xf1, 0x02, 0x83, 0x04, 0x95, 0, 0, 0}));
}

}  // namespace
}  // namespace lbwire::wire
