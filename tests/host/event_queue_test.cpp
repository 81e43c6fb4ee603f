#include "host/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>
#include <vector>

#include "events.h"
#include "lbwire/lbwire.h"

namespace lbwire::host {
namespace {

using namespace test;

constexpr size_t plenty = 1 << 30;

const lbw_event* next(event_queue& queue) {
  const lbw_event* event = nullptr;
  return queue.poll(&event, 0) == LBW_OK ? event : nullptr;
}

size_t drain(event_queue& queue) {
  size_t count = 0;
  while (next(queue)) ++count;
  return count;
}

// Returns once another thread is inside poll() and stays there.
void await_poller(event_queue& queue) {
  const lbw_event* event;
  while (queue.poll(&event, 0) != LBW_ERR_BUSY) std::this_thread::yield();
}

// poll() for a thread that await_poller() gets in the way of.
lbw_status patient_poll(event_queue& queue, const lbw_event** event, int32_t timeout_ms) {
  for (;;) {
    lbw_status status = queue.poll(event, timeout_ms);
    if (status != LBW_ERR_BUSY) return status;
  }
}

TEST(EventQueue, GivesEventsInOrder) {
  event_queue queue(plenty, overflow_policy::block);
  for (uint64_t i = 0; i < 5000; ++i) queue.push(i % 3 ? push_of(i) : control(i));
  for (uint64_t i = 0; i < 5000; ++i) {
    const lbw_event* event = next(queue);
    ASSERT_NE(event, nullptr);
    ASSERT_EQ(number_of(*event), i);
  }
  EXPECT_EQ(next(queue), nullptr);
}

TEST(EventQueue, GivesEventsInOrderWhilePushingGoesOn) {
  event_queue queue(plenty, overflow_policy::block);
  uint64_t pushed = 0;
  uint64_t polled = 0;
  for (uint64_t round = 0; round < 2000; ++round) {
    for (uint64_t i = 0; i < round * 7 % 13; ++i) queue.push(push_of(pushed++, 8 + round * 37 % 9000));
    for (uint64_t i = 0; i < round * 5 % 12; ++i) {
      if (const lbw_event* event = next(queue)) {
        ASSERT_EQ(number_of(*event), polled++);
      }
    }
  }
  polled += drain(queue);
  EXPECT_EQ(polled, pushed);
}

TEST(EventQueue, PolledEventStaysValidUntilTheNextPoll) {
  event_queue queue(10'000, overflow_policy::drop_oldest);
  queue.push(push_of(1));
  const lbw_event* event = next(queue);
  for (uint64_t i = 2; i < 2000; ++i) queue.push(push_of(i));
  EXPECT_EQ(number_of(*event), 1u);
  queue.close();
  EXPECT_EQ(number_of(*event), 1u);
}

// ---- Waiting ------------------------------------------------------------------------------------

TEST(EventQueue, TimesOut) {
  event_queue queue(plenty, overflow_policy::block);
  lbw_event something{};
  const lbw_event* event = &something;
  EXPECT_EQ(queue.poll(&event, 0), LBW_ERR_TIMEOUT);
  EXPECT_EQ(event, nullptr);
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(queue.poll(&event, 20), LBW_ERR_TIMEOUT);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(20));
}

TEST(EventQueue, PushWakesAWaitingPoller) {
  for (int32_t timeout_ms : {-1, 1'000'000, std::numeric_limits<int32_t>::max()}) {
    event_queue queue(plenty, overflow_policy::block);
    std::jthread poller([&] {
      const lbw_event* event = nullptr;
      ASSERT_EQ(patient_poll(queue, &event, timeout_ms), LBW_OK);
      EXPECT_EQ(number_of(*event), 42u);
    });
    await_poller(queue);
    queue.push(control(42));
  }
}

TEST(EventQueue, SecondPollerIsBusy) {
  event_queue queue(plenty, overflow_policy::block);
  std::jthread poller([&] {
    const lbw_event* event = nullptr;
    EXPECT_EQ(patient_poll(queue, &event, -1), LBW_OK);
  });
  await_poller(queue);
  const lbw_event* event = nullptr;
  EXPECT_EQ(queue.poll(&event, -1), LBW_ERR_BUSY);
  EXPECT_EQ(event, nullptr);
  queue.push(control(1));
  poller.join();
  queue.push(control(2));
  EXPECT_NE(next(queue), nullptr);
}

TEST(EventQueue, CloseWakesAWaitingPoller) {
  event_queue queue(plenty, overflow_policy::block);
  std::jthread poller([&] {
    const lbw_event* event = nullptr;
    EXPECT_EQ(patient_poll(queue, &event, -1), LBW_ERR_INVALID_HANDLE);
    EXPECT_EQ(event, nullptr);
  });
  await_poller(queue);
  queue.close();
}

TEST(EventQueue, ClosedQueueGivesNothingMore) {
  event_queue queue(plenty, overflow_policy::block);
  for (uint64_t i = 0; i < 10; ++i) queue.push(control(i));
  ASSERT_NE(next(queue), nullptr);
  queue.push(control(10));
  queue.close();
  queue.close();
  const size_t left = queue.bytes();
  queue.push(control(11));
  EXPECT_EQ(queue.bytes(), left);
  const lbw_event* event = nullptr;
  EXPECT_EQ(queue.poll(&event, -1), LBW_ERR_INVALID_HANDLE);
  EXPECT_EQ(event, nullptr);
  int32_t fd = 0;
  EXPECT_EQ(queue.fd(&fd), LBW_ERR_INVALID_HANDLE);
}

TEST(EventQueue, MillionEventsOfOneProducerArriveInOrder) {
  constexpr uint64_t count = 1'000'000;
  event_queue queue(plenty, overflow_policy::block);
  std::jthread producer([&] {
    for (uint64_t i = 0; i < count; ++i) queue.push(control(i));
  });
  for (uint64_t i = 0; i < count; ++i) {
    const lbw_event* event = nullptr;
    ASSERT_EQ(queue.poll(&event, -1), LBW_OK);
    ASSERT_EQ(number_of(*event), i);
  }
  EXPECT_EQ(queue.bytes(), 0u);
  EXPECT_EQ(next(queue), nullptr);
}

TEST(EventQueue, EachProducersEventsArriveInOrder) {
  constexpr uint64_t producers = 3;
  constexpr uint64_t count = 30'000;
  event_queue queue(plenty, overflow_policy::block);
  std::vector<std::jthread> threads;
  for (uint64_t p = 0; p < producers; ++p) {
    threads.emplace_back([&queue, p] {
      for (uint64_t i = 0; i < count; ++i) queue.push(push_of(i * producers + p));
    });
  }
  std::vector<uint64_t> expected(producers, 0);
  for (uint64_t i = 0; i < producers * count; ++i) {
    const lbw_event* event = nullptr;
    ASSERT_EQ(queue.poll(&event, -1), LBW_OK);
    uint64_t number = number_of(*event);
    ASSERT_EQ(number / producers, expected[number % producers]++);
  }
}

// ---- Back-pressure ------------------------------------------------------------------------------

TEST(EventQueue, CountsTheBytesThatWait) {
  event_queue queue(plenty, overflow_policy::block);
  EXPECT_EQ(queue.bytes(), 0u);
  queue.push(push_of(1));
  size_t one = queue.bytes();
  EXPECT_GE(one, 100u + sizeof(lbw_event));
  EXPECT_LE(one, 300u);
  queue.push(push_of(2));
  EXPECT_EQ(queue.bytes(), 2 * one);
  next(queue);
  EXPECT_EQ(queue.bytes(), one);
  next(queue);
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(EventQueue, RoomEndsAtTheLimitAndReturnsAtHalf) {
  event_queue probe(plenty, overflow_policy::block);
  probe.push(push_of(0));
  const size_t one = probe.bytes();

  event_queue queue(100 * one, overflow_policy::block);
  int told = 0;
  queue.on_room([&] { ++told; });
  for (int round = 1; round <= 3; ++round) {
    for (uint64_t i = 0; i < 99; ++i) queue.push(push_of(i));
    EXPECT_TRUE(queue.has_room());
    queue.push(push_of(99));
    EXPECT_FALSE(queue.has_room());
    for (uint64_t i = 0; i < 49; ++i) next(queue);
    EXPECT_FALSE(queue.has_room());
    EXPECT_EQ(told, round - 1);
    next(queue);
    EXPECT_TRUE(queue.has_room());
    EXPECT_EQ(told, round);
    EXPECT_EQ(drain(queue), 50u);
    EXPECT_EQ(told, round);
  }
}

TEST(EventQueue, PushBeyondTheLimitIsKept) {
  event_queue queue(1000, overflow_policy::block);
  for (uint64_t i = 0; i < 500; ++i) queue.push(push_of(i));
  EXPECT_FALSE(queue.has_room());
  for (uint64_t i = 0; i < 500; ++i) ASSERT_EQ(number_of(*next(queue)), i);
  EXPECT_EQ(queue.dropped(), 0u);
  EXPECT_TRUE(queue.has_room());
}

TEST(EventQueue, OnRoomMayUseTheQueue) {
  event_queue queue(1000, overflow_policy::block);
  queue.on_room([&] {
    EXPECT_TRUE(queue.has_room());
    const lbw_event* event = nullptr;
    EXPECT_EQ(queue.poll(&event, 0), LBW_ERR_BUSY);
    queue.push(control(77));
  });
  for (uint64_t i = 0; i < 10; ++i) queue.push(push_of(i));
  uint64_t last = 0;
  while (const lbw_event* event = next(queue)) last = number_of(*event);
  EXPECT_EQ(last, 77u);
}

// The producer stops without room and goes on when told: neither may miss the other.
TEST(EventQueue, ProducerThatHeedsRoomNeverStalls) {
  constexpr uint64_t count = 50'000;
  event_queue queue(2000, overflow_policy::block);
  std::atomic<uint32_t> told{0};
  queue.on_room([&] {
    ++told;
    told.notify_one();
  });
  std::jthread producer([&] {
    for (uint64_t i = 0; i < count; ++i) {
      for (uint32_t seen = told; !queue.has_room(); seen = told) told.wait(seen);
      queue.push(push_of(i));
    }
  });
  size_t most = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const lbw_event* event = nullptr;
    ASSERT_EQ(queue.poll(&event, -1), LBW_OK);
    ASSERT_EQ(number_of(*event), i);
    most = std::max(most, queue.bytes());
  }
  EXPECT_LT(most, 2500u);
}

TEST(EventQueue, LogsAreDroppedOverTheLimitOnly) {
  for (overflow_policy policy : {overflow_policy::block, overflow_policy::drop_oldest}) {
    event_queue queue(1000, policy);
    queue.push(log_line());
    EXPECT_EQ(queue.dropped_logs(), 0u);
    for (uint64_t i = 0; i < 20; ++i) queue.push(control(i));
    size_t dropped_before = queue.dropped_logs();
    size_t before = queue.bytes();
    queue.push(log_line());
    EXPECT_EQ(queue.bytes(), before);
    EXPECT_EQ(queue.dropped_logs(), dropped_before + 1);
    EXPECT_EQ(queue.dropped(), 0u);
    EXPECT_EQ(drain(queue), policy == overflow_policy::block ? 21u : 20u);
    queue.push(log_line("room again"));
    EXPECT_STREQ(next(queue)->log.message, "room again");
  }
}

// ---- Memory -------------------------------------------------------------------------------------

TEST(EventQueue, UnusedQueueHoldsNoMemory) {
  event_queue queue(plenty, overflow_policy::block);
  EXPECT_EQ(next(queue), nullptr);
  EXPECT_EQ(queue.allocated(), 0u);
}

TEST(EventQueue, QuietQueueHoldsLittleMemory) {
  event_queue queue(plenty, overflow_policy::block);
  queue.push(control(1));
  EXPECT_LE(queue.allocated(), 4096u);
  for (uint64_t i = 0; i < 100'000; ++i) queue.push(push_of(i));
  queue.push(push_of(1, 1 << 20));
  drain(queue);
  EXPECT_LE(queue.allocated(), 4096u);
  queue.close();
  EXPECT_LE(queue.allocated(), 4096u);
}

TEST(EventQueue, SteadyUseTakesNoMoreMemory) {
  event_queue queue(plenty, overflow_policy::block);
  for (uint64_t i = 0; i < 100'000; ++i) {
    queue.push(push_of(i));
    if (i >= 50) {
      ASSERT_NE(next(queue), nullptr);
    }
    ASSERT_LE(queue.allocated(), 200'000u);
  }
}

TEST(EventQueue, CloseFreesWhatWaits) {
  event_queue queue(plenty, overflow_policy::block);
  for (uint64_t i = 0; i < 100'000; ++i) queue.push(push_of(i));
  queue.close();
  EXPECT_EQ(queue.allocated(), 0u);
  EXPECT_EQ(queue.bytes(), 0u);
}

}  // namespace
}  // namespace lbwire::host
