#include "session/back_off.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "fixture.h"

namespace lbwire::session {
namespace {

int64_t ceiling(const back_off_options& options, uint32_t retry) {
  return back_off_ceiling(options, retry).count();
}

TEST(BackOff, StartsAtOnceThenDoublesUpToTheMost) {
  const back_off_options options;
  const int64_t expected[] = {0, 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
  for (uint32_t retry = 0; retry < std::size(expected); ++retry)
    EXPECT_EQ(ceiling(options, retry), expected[retry]) << retry;
}

TEST(BackOff, StaysAtTheMostForLargeRetryCounts) {
  for (const uint32_t retry : {40u, 41u, 42u, 63u, 64u, 65u, 1000u, std::numeric_limits<uint32_t>::max()})
    EXPECT_EQ(ceiling({}, retry), 30000) << retry;
}

TEST(BackOff, DoesNotOverflowWithALargeMost) {
  constexpr auto most = std::numeric_limits<int64_t>::max() - 1;
  const back_off_options options{milliseconds(1), milliseconds(most)};
  int64_t before = 0;
  for (uint32_t retry = 1; retry < 100; ++retry) {
    const int64_t now = ceiling(options, retry);
    EXPECT_GE(now, before);
    EXPECT_LE(now, most);
    before = now;
  }
  EXPECT_EQ(ceiling({milliseconds(most), milliseconds(most)}, 2), most);
}

TEST(BackOff, IsNeverMoreThanTheMost) {
  EXPECT_EQ(ceiling({milliseconds(1000), milliseconds(300)}, 1), 300);
  EXPECT_EQ(ceiling({milliseconds(300), milliseconds(300)}, 1), 300);
  EXPECT_EQ(ceiling({milliseconds(150), milliseconds(300)}, 2), 300);
  EXPECT_EQ(ceiling({milliseconds(151), milliseconds(300)}, 2), 300);
  EXPECT_EQ(ceiling({milliseconds(100), milliseconds(0)}, 3), 0);
}

TEST(BackOff, WithoutAnInitialDelayNeverWaits) {
  for (const uint32_t retry : {0u, 1u, 5u, 100u}) EXPECT_EQ(ceiling({milliseconds(0), milliseconds(1000)}, retry), 0);
}

TEST(BackOff, JitterReachesEveryDelayFromNoneToTheCeiling) {
  const back_off_options options{milliseconds(5), milliseconds(20)};
  seeded_random random(3);
  std::set<int64_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(back_off_delay(options, 2, random).count());
  EXPECT_EQ(seen.size(), 11u);
  EXPECT_EQ(*seen.begin(), 0);
  EXPECT_EQ(*seen.rbegin(), 10);
}

TEST(BackOff, JitterIsUniform) {
  seeded_random random(4);
  constexpr int draws = 40000;
  int quarter[4] = {};
  for (int i = 0; i < draws; ++i) ++quarter[back_off_delay({}, 20, random).count() * 4 / 30001];
  for (const int hits : quarter) EXPECT_NEAR(hits, draws / 4, draws / 50);
}

TEST(BackOff, TheFirstRetryIsAtOnceWhateverTheJitter) {
  chosen_random random;
  for (const uint64_t value : {uint64_t{0}, uint64_t{1}, std::numeric_limits<uint64_t>::max()}) {
    random.value = value;
    EXPECT_EQ(back_off_delay({}, 0, random).count(), 0);
  }
}

TEST(BackOff, DelayOfTheLargestRandomNumberStaysWithinTheCeiling) {
  chosen_random random;
  random.value = std::numeric_limits<uint64_t>::max();
  for (uint32_t retry = 0; retry < 64; ++retry)
    EXPECT_LE(back_off_delay({}, retry, random), back_off_ceiling({}, retry));
}

}  // namespace
}  // namespace lbwire::session
