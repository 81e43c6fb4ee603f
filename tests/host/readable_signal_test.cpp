#include "host/readable_signal.h"

#include <gtest/gtest.h>
#include <poll.h>

namespace lbwire::host {
namespace {

bool readable(const readable_signal& signal) {
  pollfd watched{signal.fd(), POLLIN, 0};
  return ::poll(&watched, 1, 0) == 1 && (watched.revents & POLLIN);
}

TEST(ReadableSignal, IsReadableWhileRaised) {
  readable_signal signal;
  ASSERT_TRUE(signal.open());
  EXPECT_FALSE(readable(signal));
  signal.raise();
  EXPECT_TRUE(readable(signal));
  signal.lower();
  EXPECT_FALSE(readable(signal));
}

TEST(ReadableSignal, RaisingTwiceDoesNoMoreThanOnce) {
  readable_signal signal;
  ASSERT_TRUE(signal.open());
  signal.raise();
  signal.raise();
  signal.lower();
  EXPECT_FALSE(readable(signal));
  signal.lower();
  signal.raise();
  EXPECT_TRUE(readable(signal));
}

TEST(ReadableSignal, DoesNothingWhileClosed) {
  readable_signal signal;
  signal.raise();
  signal.lower();
  signal.close();
  EXPECT_FALSE(signal.is_open());
  ASSERT_TRUE(signal.open());
  EXPECT_FALSE(readable(signal));
  signal.close();
  EXPECT_FALSE(signal.is_open());
}

}  // namespace
}  // namespace lbwire::host
