#include "host/handle_table.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace lbwire::host {
namespace {

// Counts those alive, and says so when it is looked at after its end.
class guest {
 public:
  explicit guest(std::atomic<int>& alive, uint64_t number = 0) : number_(number), alive_(alive) { ++alive_; }
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;
  ~guest() {
    intact_ = 0;
    --alive_;
  }

  bool intact() const { return intact_ == 0x600d600d; }
  uint64_t number() const { return number_; }

 private:
  volatile uint32_t intact_ = 0x600d600d;
  uint64_t number_;
  std::atomic<int>& alive_;
};

class HandleTable : public ::testing::Test {
 protected:
  std::shared_ptr<guest> make(uint64_t number = 0) { return std::make_shared<guest>(alive_, number); }

  std::atomic<int> alive_{0};
  handle_table<guest> table_{1};
};

TEST_F(HandleTable, FindsWhatWasInserted) {
  uint64_t a = table_.insert(make(1));
  uint64_t b = table_.insert(make(2));
  ASSERT_NE(a, 0u);
  ASSERT_NE(a, b);
  EXPECT_EQ(table_.find(a)->number(), 1u);
  EXPECT_EQ((*table_.find(b)).number(), 2u);
  EXPECT_EQ(table_.share(b)->number(), 2u);
  EXPECT_EQ(table_.share(b).use_count(), 2);
}

TEST_F(HandleTable, RefusesNoObject) {
  EXPECT_EQ(table_.insert(nullptr), 0u);
}

TEST_F(HandleTable, HandlesFitIn53Bits) {
  handle_table<guest> last_kind{7};
  uint64_t handle = last_kind.insert(make());
  EXPECT_LT(handle, uint64_t{1} << 53);
  EXPECT_EQ(static_cast<uint64_t>(static_cast<double>(handle)), handle);
}

TEST_F(HandleTable, ZeroAndNumbersBeyond53BitsFindNothing) {
  uint64_t handle = table_.insert(make());
  EXPECT_FALSE(table_.find(0));
  for (unsigned bit = 53; bit < 64; ++bit) {
    EXPECT_FALSE(table_.find(handle | uint64_t{1} << bit)) << bit;
    EXPECT_EQ(table_.remove(handle | uint64_t{1} << bit), nullptr) << bit;
  }
  EXPECT_FALSE(table_.find(~uint64_t{0}));
}

TEST_F(HandleTable, EveryOtherBitPatternFindsNothing) {
  uint64_t handle = table_.insert(make());
  for (unsigned bit = 0; bit < 53; ++bit) EXPECT_FALSE(table_.find(handle ^ uint64_t{1} << bit)) << bit;
}

TEST_F(HandleTable, RandomNumbersFindNothing) {
  uint64_t handle = table_.insert(make());
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    uint64_t number = random() >> (i % 64);
    if (number == handle) continue;
    ASSERT_FALSE(table_.find(number)) << number;
    ASSERT_EQ(table_.remove(number), nullptr) << number;
    ASSERT_EQ(table_.share(number), nullptr) << number;
  }
}

TEST_F(HandleTable, HandlesOfAnotherTableFindNothing) {
  handle_table<guest> other{2};
  uint64_t here = table_.insert(make());
  uint64_t there = other.insert(make());
  EXPECT_FALSE(table_.find(there));
  EXPECT_FALSE(other.find(here));
}

TEST_F(HandleTable, RemovedHandleIsStaleAtOnce) {
  uint64_t handle = table_.insert(make(5));
  std::shared_ptr<guest> taken = table_.remove(handle);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->number(), 5u);
  EXPECT_EQ(taken.use_count(), 1);
  EXPECT_FALSE(table_.find(handle));
  EXPECT_EQ(table_.share(handle), nullptr);
  EXPECT_EQ(table_.remove(handle), nullptr);
}

TEST_F(HandleTable, PinOutlivesRemove) {
  uint64_t handle = table_.insert(make());
  auto pinned = table_.find(handle);
  table_.remove(handle).reset();
  EXPECT_FALSE(table_.find(handle));
  EXPECT_EQ(alive_, 1);
  EXPECT_TRUE(pinned->intact());
  pinned = {};
  EXPECT_EQ(alive_, 0);
}

TEST_F(HandleTable, ObjectGoesWithTheLastOfSeveralPins) {
  uint64_t handle = table_.insert(make());
  auto first = table_.find(handle);
  auto second = table_.find(handle);
  table_.remove(handle).reset();
  first = {};
  EXPECT_EQ(alive_, 1);
  second = {};
  EXPECT_EQ(alive_, 0);
}

TEST_F(HandleTable, MovedPinIsCountedOnce) {
  uint64_t handle = table_.insert(make());
  auto pinned = table_.find(handle);
  auto moved = std::move(pinned);
  EXPECT_FALSE(pinned);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(pinned.get(), nullptr);
  table_.remove(handle).reset();
  EXPECT_TRUE(moved->intact());
  moved = std::move(pinned);
  EXPECT_FALSE(moved);
  EXPECT_EQ(alive_, 0);
}

TEST_F(HandleTable, PinOfAReusedSlotDoesNotDisturbItsSuccessor) {
  uint64_t old_handle = table_.insert(make(1));
  auto pinned = table_.find(old_handle);
  table_.remove(old_handle);
  std::vector<uint64_t> handles;
  for (uint64_t i = 0; i < 200; ++i) handles.push_back(table_.insert(make(i)));
  EXPECT_EQ(pinned->number(), 1u);
  pinned = {};
  for (uint64_t i = 0; i < 200; ++i) EXPECT_EQ(table_.find(handles[i])->number(), i);
}

TEST_F(HandleTable, NoHandleIsGivenTwice) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 100'000; ++i) {
    uint64_t handle = table_.insert(make());
    ASSERT_TRUE(seen.insert(handle).second);
    table_.remove(handle);
  }
  for (uint64_t handle : seen) ASSERT_FALSE(table_.find(handle));
}

// A stale handle is safest while its slot rests, so the slot that was freed last is used last.
TEST_F(HandleTable, FreedSlotsAreReusedInTurn) {
  constexpr uint64_t slot_mask = handle_table<guest>::max_entries - 1;
  uint64_t first = table_.insert(make());
  table_.remove(first);
  std::set<uint64_t> slots{first & slot_mask};
  for (;;) {
    uint64_t handle = table_.insert(make());
    table_.remove(handle);
    if (!slots.insert(handle & slot_mask).second) break;
  }
  EXPECT_GE(slots.size(), 64u);
}

TEST_F(HandleTable, HoldsManyAndThenIsFull) {
  handle_table<int> numbers{3};
  auto object = std::make_shared<int>(42);
  std::vector<uint64_t> handles;
  for (size_t i = 0; i < handle_table<int>::max_entries; ++i) handles.push_back(numbers.insert(object));
  EXPECT_EQ(std::set<uint64_t>(handles.begin(), handles.end()).size(), handles.size());
  EXPECT_EQ(numbers.insert(object), 0u);
  EXPECT_TRUE(numbers.find(handles.front()));
  EXPECT_TRUE(numbers.find(handles.back()));
  numbers.remove(handles[777]);
  EXPECT_NE(numbers.insert(object), 0u);
  EXPECT_EQ(numbers.insert(object), 0u);
}

TEST_F(HandleTable, DestroyedTableLetsItsObjectsGo) {
  {
    handle_table<guest> brief{2};
    for (int i = 0; i < 100; ++i) brief.insert(make());
    EXPECT_EQ(alive_, 100);
  }
  EXPECT_EQ(alive_, 0);
}

TEST_F(HandleTable, ForEachShowsTheLiveOnes) {
  std::map<uint64_t, uint64_t> expected;
  for (uint64_t i = 0; i < 300; ++i) {
    uint64_t handle = table_.insert(make(i));
    if (i % 3 == 0) {
      table_.remove(handle);
    } else {
      expected[handle] = i;
    }
  }
  std::map<uint64_t, uint64_t> seen;
  table_.for_each([&](uint64_t handle, guest& g) { seen[handle] = g.number(); });
  EXPECT_EQ(seen, expected);
}

TEST_F(HandleTable, ForEachPinsWhatItShows) {
  for (int i = 0; i < 100; ++i) table_.insert(make());
  int shown = 0;
  table_.for_each([&](uint64_t handle, guest& g) {
    table_.remove(handle).reset();
    EXPECT_TRUE(g.intact());
    ++shown;
  });
  EXPECT_EQ(shown, 100);
  EXPECT_EQ(alive_, 0);
}

TEST_F(HandleTable, DestructorOfAnObjectMayUseTheTable) {
  struct parent {
    handle_table<parent>& table;
    uint64_t child;
    ~parent() {
      if (child) table.remove(child);
    }
  };
  handle_table<parent> family{4};
  uint64_t child = family.insert(std::make_shared<parent>(parent{family, 0}));
  auto elder = std::make_shared<parent>(family);
  elder->child = child;
  uint64_t handle = family.insert(std::move(elder));
  family.remove(handle);
  EXPECT_FALSE(family.find(child));
}

// The threads meet before each handle, so that they are within nanoseconds of each other.
TEST_F(HandleTable, OneOfManyRemoversWins) {
  constexpr size_t removers = 2;
  constexpr size_t rounds = 5'000;
  std::vector<uint64_t> handles;
  for (size_t i = 0; i < rounds; ++i) handles.push_back(table_.insert(make()));
  std::atomic<size_t> arrived{0};
  std::atomic<size_t> winners{0};
  auto remove_all = [&] {
    for (size_t round = 0; round < rounds; ++round) {
      ++arrived;
      for (int spins = 0; arrived < (round + 1) * removers; ++spins) {
        if (spins > 1000) std::this_thread::yield();
      }
      if (table_.remove(handles[round])) ++winners;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < removers; ++i) threads.emplace_back(remove_all);
  }
  EXPECT_EQ(winners, rounds);
  EXPECT_EQ(alive_, 0);
}

// Everybody inserts, removes and looks at everybody's handles; a look finds the right object, alive, or
// nothing.
TEST_F(HandleTable, StandsConcurrentUse) {
  constexpr int threads = 4;
  constexpr unsigned rounds = 30'000;
  constexpr size_t places = 32;
  struct entry {
    std::atomic<uint64_t> handle{0};
  };
  std::array<entry, places> shared;
  std::atomic<int> wrong{0};
  std::atomic<uint64_t> found{0};

  auto look = [&](uint64_t handle) {
    auto pinned = table_.find(handle);
    if (!pinned) return;
    ++found;
    if (!pinned->intact()) ++wrong;
    auto also = table_.share(handle);
    if (also && also.get() != pinned.get()) ++wrong;
  };
  auto work = [&](unsigned seed) {
    std::mt19937 random(seed);
    for (unsigned i = 0; i < rounds; ++i) {
      entry& place = shared[random() % places];
      switch (random() % 4) {
        case 0: {
          uint64_t fresh = table_.insert(make(i));
          uint64_t old = place.handle.exchange(fresh);
          if (old) table_.remove(old);
          break;
        }
        case 1:
          if (auto taken = table_.remove(place.handle.load())) wrong += !taken->intact();
          break;
        default: look(place.handle.load());
      }
      if (i % 1000 == 0) table_.for_each([&](uint64_t, guest& g) { wrong += !g.intact(); });
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < threads; ++t) workers.emplace_back(work, t);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(found, 0u);
  for (entry& place : shared) table_.remove(place.handle);
  EXPECT_EQ(alive_, 0);
  int left = 0;
  table_.for_each([&](uint64_t, guest&) { ++left; });
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace lbwire::host
