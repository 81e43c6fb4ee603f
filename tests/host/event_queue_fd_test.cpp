// The descriptor that lets a host's event loop watch the queue.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "events.h"
#include "host/event_queue.h"
#include "lbwire/lbwire.h"

namespace lbwire::host {
namespace {

using namespace test;

const lbw_event* next(event_queue& queue) {
  const lbw_event* event = nullptr;
  return queue.poll(&event, 0) == LBW_OK ? event : nullptr;
}

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, 0) == 1 && (watched.revents & POLLIN);
}

class EventQueueFdPolicies : public ::testing::TestWithParam<overflow_policy> {
 protected:
  int32_t fd() {
    int32_t fd = -1;
    EXPECT_EQ(queue_.fd(&fd), LBW_OK);
    return fd;
  }
  event_queue queue_{20'000, GetParam()};
};

TEST_P(EventQueueFdPolicies, IsReadableExactlyWhileEventsWait) {
  int watched = fd();
  EXPECT_EQ(fd(), watched);
  uint64_t waiting = 0;
  for (uint64_t round = 0; round < 500; ++round) {
    for (uint64_t i = 0; i < round * 7 % 11; ++i) {
      queue_.push(control(i));
      ++waiting;
      ASSERT_TRUE(readable(watched));
    }
    for (uint64_t i = 0; i < round * 5 % 12; ++i) {
      ASSERT_EQ(next(queue_) != nullptr, waiting > 0);
      if (waiting) --waiting;
      ASSERT_EQ(readable(watched), waiting > 0) << round;
    }
  }
  for (; waiting; --waiting) {
    ASSERT_TRUE(readable(watched));
    ASSERT_NE(next(queue_), nullptr);
  }
  EXPECT_FALSE(readable(watched));
}

TEST_P(EventQueueFdPolicies, KnowsEventsFromBeforeItWasMade) {
  queue_.push(control(1));
  queue_.push(control(2));
  next(queue_);
  int watched = fd();  // one event is left, in the chunk that the consumer took
  EXPECT_TRUE(readable(watched));
  next(queue_);
  EXPECT_FALSE(readable(watched));
}

TEST_P(EventQueueFdPolicies, IsNotReadableIfEventsWereServedBeforeItWasMade) {
  queue_.push(control(1));
  next(queue_);
  EXPECT_FALSE(readable(fd()));
}

TEST_P(EventQueueFdPolicies, CloseWakesAWatcher) {
  int watched = fd();
  EXPECT_FALSE(readable(watched));
  std::atomic<bool> watching{false};
  std::jthread watcher([&] {
    pollfd entry{watched, POLLIN, 0};
    watching = true;
    watching.notify_one();
    EXPECT_EQ(::poll(&entry, 1, -1), 1);
  });
  watching.wait(false);
  queue_.close();
}

INSTANTIATE_TEST_SUITE_P(Both, EventQueueFdPolicies,
                         ::testing::Values(overflow_policy::block, overflow_policy::drop_oldest));

TEST(EventQueueFd, StaysTrueUnderConcurrentUse) {
  constexpr uint64_t count = 20'000;
  event_queue queue(1 << 30, overflow_policy::block);
  int32_t fd = -1;
  ASSERT_EQ(queue.fd(&fd), LBW_OK);
  std::jthread producer([&] {
    for (uint64_t i = 0; i < count; ++i) queue.push(control(i));
  });
  // As an event loop does: sleep on the descriptor, then poll until there is nothing. A lost signal would
  // hang it.
  for (uint64_t polled = 0; polled < count;) {
    pollfd watched{fd, POLLIN, 0};
    ASSERT_EQ(::poll(&watched, 1, 60'000), 1);
    const lbw_event* event = next(queue);
    ASSERT_NE(event, nullptr) << "readable, but nothing to poll";
    for (; event; event = next(queue)) ASSERT_EQ(number_of(*event), polled++);
  }
  producer.join();
  EXPECT_FALSE(readable(fd));
}

}  // namespace
}  // namespace lbwire::host
