#include "session/round_trip.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace lbwire::session {
namespace {

TEST(RoundTrip, IsAllZeroBeforeTheFirstSample) {
  const round_trip rtt;
  EXPECT_EQ(rtt.samples(), 0u);
  EXPECT_EQ(rtt.last_us() + rtt.min_us() + rtt.smoothed_us() + rtt.variance_us(), 0u);
}

TEST(RoundTrip, StartsFromTheFirstSample) {
  round_trip rtt;
  rtt.sample(milliseconds(100));
  EXPECT_EQ(rtt.last_us(), 100'000u);
  EXPECT_EQ(rtt.min_us(), 100'000u);
  EXPECT_EQ(rtt.smoothed_us(), 100'000u);  // SRTT = R
  EXPECT_EQ(rtt.variance_us(), 50'000u);   // RTTVAR = R/2
}

// RFC 6298, 2.3, by hand: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R'| with the SRTT before, then SRTT = 7/8 SRTT + 1/8 R'.
TEST(RoundTrip, FollowsRfc6298) {
  round_trip rtt;
  rtt.sample(milliseconds(100));
  rtt.sample(milliseconds(180));
  EXPECT_EQ(rtt.variance_us(), 57'500u);   // 37.5 + 20
  EXPECT_EQ(rtt.smoothed_us(), 110'000u);  // 87.5 + 22.5
  rtt.sample(milliseconds(70));
  EXPECT_EQ(rtt.variance_us(), 53'125u);   // 43.125 + 10
  EXPECT_EQ(rtt.smoothed_us(), 105'000u);  // 96.25 + 8.75
  rtt.sample(milliseconds(105));
  EXPECT_EQ(rtt.variance_us(), 39'843u);  // 39.84375
  EXPECT_EQ(rtt.smoothed_us(), 105'000u);
  EXPECT_EQ(rtt.last_us(), 105'000u);
  EXPECT_EQ(rtt.min_us(), 70'000u);
  EXPECT_EQ(rtt.samples(), 4u);
}

TEST(RoundTrip, SettlesOnASteadyValue) {
  round_trip rtt;
  rtt.sample(seconds(10));
  for (int i = 0; i < 300; ++i) rtt.sample(milliseconds(2));
  EXPECT_NEAR(static_cast<double>(rtt.smoothed_us()), 2000, 1);
  EXPECT_LE(rtt.variance_us(), 1u);
  EXPECT_EQ(rtt.min_us(), 2000u);
}

TEST(RoundTrip, RoundsDownToMicroseconds) {
  round_trip rtt;
  rtt.sample(nanoseconds(1999));
  EXPECT_EQ(rtt.last_us(), 1u);
  rtt.sample(nanoseconds(0));
  EXPECT_EQ(rtt.last_us(), 0u);
  EXPECT_EQ(rtt.min_us(), 0u);
}

}  // namespace
}  // namespace lbwire::session
