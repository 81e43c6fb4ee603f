#include "gateway/memory_session_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace lbwire::gateway {
namespace {

using session::time_point;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr time_point start{seconds(1000)};

TEST(MemorySessionStore, GivesASessionOutOnce) {
  memory_session_store store(10);
  store.put({"one", start + seconds(10), 7}, start);

  const auto taken = store.take("one", start);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->id, "one");
  EXPECT_EQ(taken->connection, 7u);
  EXPECT_FALSE(store.take("one", start));
  EXPECT_EQ(store.size(), 0u);
}

TEST(MemorySessionStore, KnowsNothingOfOtherIds) {
  memory_session_store store(10);
  store.put({"one", start + seconds(10), 7}, start);
  EXPECT_FALSE(store.take("on", start));
  EXPECT_FALSE(store.take("", start));
  EXPECT_EQ(store.size(), 1u);
}

TEST(MemorySessionStore, EndsASessionAtItsExpiryAndNotBefore) {
  memory_session_store store(10);
  store.put({"early", start + seconds(10), 1}, start);
  EXPECT_TRUE(store.take("early", start + seconds(10) - nanoseconds(1)));
  store.put({"late", start + seconds(10), 1}, start);
  EXPECT_FALSE(store.take("late", start + seconds(10)));
}

TEST(MemorySessionStore, ForgetsExpiredSessionsWithoutBeingAskedForThem) {
  memory_session_store store(10);
  store.put({"one", start + seconds(1), 1}, start);
  store.put({"two", start + seconds(2), 2}, start);
  store.put({"three", start + seconds(30), 3}, start + seconds(5));
  EXPECT_EQ(store.size(), 1u);
}

TEST(MemorySessionStore, MakesRoomByTheSessionThatExpiresFirst) {
  memory_session_store store(2);
  store.put({"long", start + seconds(30), 1}, start);
  store.put({"short", start + seconds(10), 2}, start);
  store.put({"middle", start + seconds(20), 3}, start);
  EXPECT_EQ(store.size(), 2u);
  EXPECT_FALSE(store.take("short", start));
  EXPECT_TRUE(store.take("long", start));
  EXPECT_TRUE(store.take("middle", start));
}

TEST(MemorySessionStore, LetsOneOfManyTakeASession) {
  memory_session_store store(1000);
  for (int i = 0; i < 200; ++i) store.put({std::to_string(i), start + seconds(10), 1}, start);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) taken += store.take(std::to_string(i), start) ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 200);
}

}  // namespace
}  // namespace lbwire::gateway
