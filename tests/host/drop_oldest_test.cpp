// The queue when pushes outrun the consumer and the oldest are to go.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "events.h"
#include "host/event_queue.h"
#include "lbwire/lbwire.h"

namespace lbwire::host {
namespace {

using namespace test;

size_t bytes_of(const lbw_event& event) {
  event_queue queue(1 << 30, overflow_policy::block);
  queue.push(event);
  return queue.bytes();
}

const size_t push_bytes = bytes_of(push_of(0));

// What poll gives, in short: "d3" for three dropped pushes, "p7" and "c7" for push and control number 7.
std::string next(event_queue& queue) {
  const lbw_event* event = nullptr;
  if (queue.poll(&event, 0) != LBW_OK) return "";
  switch (event->header.type) {
    case LBW_EVENT_DROPPED:
      EXPECT_EQ(event->dropped.size, sizeof(lbw_dropped_event));
      return "d" + std::to_string(event->dropped.count);
    case LBW_EVENT_PUSH: return "p" + std::to_string(number_of(*event));
    case LBW_EVENT_LOG: return "log";
    default: return "c" + std::to_string(number_of(*event));
  }
}

std::string drain(event_queue& queue) {
  std::string all;
  for (std::string one = next(queue); !one.empty(); one = next(queue)) all += (all.empty() ? "" : " ") + one;
  return all;
}

// Checks what a consumer receives, given that events are numbered without gaps: only pushes are missing, and
// the DROPPED event just before the gap's end says how many.
class gap_check {
 public:
  explicit gap_check(const std::vector<bool>& is_push) : is_push_(is_push) {}

  void take(const lbw_event& event) {
    if (event.header.type == LBW_EVENT_DROPPED) {
      ASSERT_EQ(announced_, 0u) << "two in a row";
      ASSERT_GT(event.dropped.count, 0u);
      announced_ = event.dropped.count;
      total_ += announced_;
      return;
    }
    uint64_t number = number_of(event);
    ASSERT_GE(number, expected_);
    for (uint64_t missing = expected_; missing < number; ++missing) ASSERT_TRUE(is_push_[missing]) << missing;
    ASSERT_EQ(number - expected_, announced_);
    announced_ = 0;
    expected_ = number + 1;
  }
  uint64_t expected() const { return expected_; }
  uint64_t total() const { return total_; }

 private:
  const std::vector<bool>& is_push_;
  uint64_t expected_ = 0;
  uint64_t announced_ = 0;
  uint64_t total_ = 0;
};

TEST(DropOldest, KeepsEverythingUpToTheLimit) {
  event_queue queue(3 * push_bytes, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 3; ++i) queue.push(push_of(i));
  EXPECT_EQ(queue.dropped(), 0u);
  EXPECT_EQ(drain(queue), "p0 p1 p2");
}

TEST(DropOldest, TellsHowManyJustBeforeTheEventThatFollowed) {
  event_queue queue(3 * push_bytes, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 10; ++i) queue.push(push_of(i));
  EXPECT_EQ(queue.dropped(), 7u);
  EXPECT_LE(queue.bytes(), 3 * push_bytes);
  EXPECT_EQ(drain(queue), "d7 p7 p8 p9");
  queue.push(push_of(10));
  EXPECT_EQ(drain(queue), "p10");
}

TEST(DropOldest, ControlEventsStayInTheirPlace) {
  event_queue queue(3 * push_bytes + 3 * bytes_of(control(0)), overflow_policy::drop_oldest);
  queue.push(control(0));
  queue.push(push_of(1));
  queue.push(push_of(2));
  queue.push(control(3));
  queue.push(push_of(4));
  queue.push(control(5));
  queue.push(push_of(6));  // 1 goes
  queue.push(push_of(7));  // 2 goes
  queue.push(push_of(8));  // 4 goes
  EXPECT_EQ(drain(queue), "c0 d2 c3 d1 c5 p6 p7 p8");
  EXPECT_EQ(queue.dropped(), 3u);
}

TEST(DropOldest, WhatTheConsumerTookIsKept) {
  event_queue queue(3 * push_bytes, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 3; ++i) queue.push(push_of(i));
  EXPECT_EQ(next(queue), "p0");
  for (uint64_t i = 3; i < 8; ++i) queue.push(push_of(i));
  EXPECT_EQ(drain(queue), "p1 p2 d4 p7");
}

TEST(DropOldest, ControlEventMakesPushesGoToo) {
  event_queue queue(3 * push_bytes, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 3; ++i) queue.push(push_of(i));
  queue.push(control(3));
  EXPECT_EQ(drain(queue), "d1 p1 p2 c3");
}

TEST(DropOldest, NewestPushIsKeptEvenOverTheLimit) {
  event_queue queue(1000, overflow_policy::drop_oldest);
  queue.push(push_of(0));
  queue.push(push_of(1, 100'000));
  EXPECT_EQ(drain(queue), "d1 p1");
  queue.push(push_of(2, 100'000));
  queue.push(push_of(3));
  EXPECT_EQ(drain(queue), "d1 p3");
}

TEST(DropOldest, LogsGoWithoutBeingCountedAsPushes) {
  event_queue queue(3 * push_bytes, overflow_policy::drop_oldest);
  queue.push(log_line());
  for (uint64_t i = 0; i < 4; ++i) queue.push(push_of(i));
  EXPECT_EQ(queue.dropped_logs(), 1u);
  EXPECT_EQ(queue.dropped(), 1u);
  EXPECT_EQ(drain(queue), "d1 p1 p2 p3");
}

TEST(DropOldest, ControlEventsAreNeverDropped) {
  event_queue queue(1000, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 5000; ++i) queue.push(control(i));
  for (uint64_t i = 0; i < 5000; ++i) ASSERT_EQ(next(queue), "c" + std::to_string(i));
  EXPECT_EQ(next(queue), "");
}

TEST(DropOldest, LargeControlEventsSurviveWhole) {
  std::string body(300'000, 'b');
  event_queue queue(500'000, overflow_policy::drop_oldest);
  lbw_event response{};
  response.response.type = LBW_EVENT_RESPONSE;
  response.response.body_len = static_cast<uint32_t>(body.size());
  response.response.body = body.data();
  queue.push(push_of(0));
  queue.push(response);
  for (uint64_t i = 1; i < 5000; ++i) queue.push(push_of(i));
  EXPECT_EQ(next(queue), "d1");
  const lbw_event* event = nullptr;
  ASSERT_EQ(queue.poll(&event, 0), LBW_OK);
  ASSERT_EQ(event->header.type, uint32_t{LBW_EVENT_RESPONSE});
  EXPECT_EQ(std::string(static_cast<const char*>(event->response.body), event->response.body_len), body);
  EXPECT_STREQ(event->response.error_msg, "");
  EXPECT_EQ(next(queue).front(), 'd');
}

TEST(DropOldest, AsksForNoPauseWhilePushesCanMakeRoom) {
  event_queue queue(10 * push_bytes, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 1000; ++i) {
    queue.push(push_of(i));
    ASSERT_TRUE(queue.has_room());
  }
}

TEST(DropOldest, AsksForAPauseOnceControlEventsFillTheQueue) {
  const size_t one = bytes_of(control(0));
  event_queue queue(10 * one, overflow_policy::drop_oldest);
  int told = 0;
  queue.on_room([&] { ++told; });
  for (uint64_t i = 0; i < 9; ++i) queue.push(control(i));
  EXPECT_TRUE(queue.has_room());
  queue.push(control(9));
  EXPECT_FALSE(queue.has_room());
  for (uint64_t i = 0; i < 5; ++i) next(queue);
  EXPECT_TRUE(queue.has_room());
  EXPECT_EQ(told, 1);
  drain(queue);
  for (uint64_t i = 0; i < 9; ++i) queue.push(control(i));
  EXPECT_TRUE(queue.has_room());
}

TEST(DropOldest, MemoryIsBoundedWithAConsumerThatNeverPolls) {
  constexpr size_t limit = 256 * 1024;
  event_queue queue(limit, overflow_policy::drop_oldest);
  uint64_t controls = 0;
  for (uint64_t i = 0; i < 300'000; ++i) {
    if (i % 1000 == 500) {
      queue.push(control(i));
      ++controls;
    } else {
      queue.push(push_of(i, 8 + i % 500));
    }
    ASSERT_LE(queue.bytes(), limit);
    ASSERT_LE(queue.allocated(), limit + 4 * 65536);
  }
  uint64_t received = 0;
  uint64_t given = 0;
  uint64_t told = 0;
  for (std::string one = next(queue); !one.empty(); one = next(queue)) {
    if (one[0] == 'c') ++received;
    if (one[0] == 'p') ++given;
    if (one[0] == 'd') told += std::stoull(one.substr(1));
  }
  EXPECT_EQ(received, controls);
  EXPECT_EQ(told, queue.dropped());
  EXPECT_EQ(told + given + controls, 300'000u);
}

TEST(DropOldest, CloseFreesWhatSurvived) {
  event_queue queue(100'000, overflow_policy::drop_oldest);
  for (uint64_t i = 0; i < 5000; ++i) queue.push(i % 10 ? push_of(i) : control(i));
  queue.close();
  EXPECT_EQ(queue.allocated(), 0u);
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(DropOldest, EveryGapIsToldExactly) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    event_queue queue(1000 + random() % 40'000, overflow_policy::drop_oldest);
    std::vector<bool> is_push;
    gap_check check(is_push);
    auto poll_some = [&](uint64_t most) {
      const lbw_event* event = nullptr;
      while (most-- && queue.poll(&event, 0) == LBW_OK) ASSERT_NO_FATAL_FAILURE(check.take(*event)) << seed;
    };
    for (int i = 0; i < 5000; ++i) {
      uint64_t number = is_push.size();
      bool push = random() % 10 < 8;
      is_push.push_back(push);
      queue.push(push ? push_of(number, 8 + random() % 700) : control(number));
      if (random() % 50 == 0) poll_some(random() % 60);
    }
    poll_some(~uint64_t{0});
    EXPECT_EQ(check.expected(), is_push.size());
    EXPECT_EQ(check.total(), queue.dropped());
  }
}

TEST(DropOldest, EveryGapIsToldExactlyToAConcurrentConsumer) {
  constexpr uint64_t count = 100'000;
  std::vector<bool> is_push(count);
  for (uint64_t i = 0; i < count; ++i) is_push[i] = i % 7 != 0 && i + 1 != count;
  event_queue queue(20'000, overflow_policy::drop_oldest);
  std::jthread producer([&] {
    for (uint64_t i = 0; i < count; ++i) queue.push(is_push[i] ? push_of(i) : control(i));
  });
  gap_check check(is_push);
  while (check.expected() < count) {
    const lbw_event* event = nullptr;
    ASSERT_EQ(queue.poll(&event, -1), LBW_OK);
    ASSERT_NO_FATAL_FAILURE(check.take(*event));
  }
  EXPECT_EQ(check.total(), queue.dropped());
}

}  // namespace
}  // namespace lbwire::host
