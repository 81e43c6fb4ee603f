#include "session/request_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "../wire/allocation_counter.h"
#include "fixture.h"

namespace lbwire::session {
namespace {

using table = request_table<int>;

time_point at(int64_t ms) {
  return time_point(milliseconds(ms));
}

TEST(RequestTable, FindsARequestByTicketAndByWireIdUntilItIsRemoved) {
  table requests;
  const auto slot = requests.add(at(5), 42);
  const uint64_t ticket = requests.ticket(slot);
  EXPECT_EQ(requests.by_ticket(ticket), slot);
  EXPECT_EQ(requests.by_wire_id(7), std::nullopt);

  requests.bind(slot, 7);
  EXPECT_EQ(requests.by_wire_id(7), slot);
  EXPECT_EQ(requests.at(slot).wire_id, 7u);
  EXPECT_EQ(requests.size(), 1u);

  EXPECT_EQ(requests.remove(slot), 42);
  EXPECT_EQ(requests.by_wire_id(7), std::nullopt);
  EXPECT_EQ(requests.by_ticket(ticket), std::nullopt);
  EXPECT_TRUE(requests.empty());
}

TEST(RequestTable, KnowsNoTicketThatItDidNotGive) {
  table requests;
  EXPECT_EQ(requests.by_ticket(0), std::nullopt);
  const auto slot = requests.add(at(1), 1);
  for (const uint64_t made_up : {uint64_t{0}, requests.ticket(slot) + 1, ~uint64_t{0}, uint64_t{1} << 52})
    EXPECT_EQ(requests.by_ticket(made_up), std::nullopt) << made_up;
}

TEST(RequestTable, NeverGivesATicketTwice) {
  table requests;
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto slot = requests.add(at(i), i);
    EXPECT_TRUE(seen.insert(requests.ticket(slot)).second);
    EXPECT_LT(requests.ticket(slot), uint64_t{1} << 53);
    if (i % 3 != 0) requests.remove(slot);
  }
}

TEST(RequestTable, HasNoDeadlineWhileEmpty) {
  table requests;
  EXPECT_EQ(requests.deadline(), never);
  requests.remove(requests.add(at(3), 0));
  EXPECT_EQ(requests.deadline(), never);
}

TEST(RequestTable, GivesRequestsInTheOrderOfTheirDeadlines) {
  seeded_random random(1);
  for (int round = 0; round < 50; ++round) {
    table requests;
    std::vector<int64_t> deadlines;
    for (uint64_t n = 1 + random.below(200); n > 0; --n) {
      deadlines.push_back(static_cast<int64_t>(random.below(100)));
      requests.add(at(deadlines.back()), 0);
    }
    std::sort(deadlines.begin(), deadlines.end());
    for (const int64_t deadline : deadlines) {
      ASSERT_EQ(requests.deadline(), at(deadline));
      requests.remove(requests.first());
    }
    EXPECT_TRUE(requests.empty());
  }
}

// Ids that all want the same cell of the index, whatever its size.
std::vector<uint32_t> colliding_ids(size_t count) {
  constexpr uint32_t inverse = 340573321u;  // of the table's multiplier, modulo 2^32
  static_assert(inverse * 2654435769u == 1u);
  std::vector<uint32_t> ids;
  for (uint32_t i = 1; i <= count; ++i) ids.push_back(inverse * (0xfff00000u + i));
  return ids;
}

TEST(RequestTable, KeepsIdsApartThatCollideInItsIndex) {
  const auto ids = colliding_ids(64);
  for (size_t start = 0; start < ids.size(); ++start) {
    table requests;
    for (const uint32_t id : ids) requests.bind(requests.add(at(1), static_cast<int>(id & 0xffff)), id);
    for (size_t i = 0; i < ids.size(); ++i) {
      const uint32_t id = ids[(start + i * 7) % ids.size()];
      const auto found = requests.by_wire_id(id);
      ASSERT_TRUE(found);
      EXPECT_EQ(requests.remove(*found), static_cast<int>(id & 0xffff));
      EXPECT_EQ(requests.by_wire_id(id), std::nullopt);
    }
  }
}

TEST(RequestTable, TakesIdZeroLikeAnyOther) {
  table requests;
  for (uint32_t round = 0; round < 100; ++round) {
    const auto zero = requests.add(at(1), 0);
    requests.bind(zero, 0);
    const auto other = requests.add(at(2), 1);
    requests.bind(other, 100 + round);
    ASSERT_EQ(requests.by_wire_id(0), zero);
    requests.remove(zero);
    ASSERT_EQ(requests.by_wire_id(0), std::nullopt);
    ASSERT_EQ(requests.by_wire_id(100 + round), other);
    requests.remove(other);
    ASSERT_EQ(requests.by_wire_id(100 + round), std::nullopt);
  }
}

TEST(RequestTable, ListsTheSlotsInFlight) {
  table requests;
  const auto a = requests.add(at(1), 0), b = requests.add(at(2), 0), c = requests.add(at(3), 0);
  requests.remove(b);
  EXPECT_EQ(std::set<table::slot>(requests.slots().begin(), requests.slots().end()), (std::set<table::slot>{a, c}));
}

TEST(RequestTable, AllocatesNothingOnceItHasGrown) {
  table requests;
  const auto use = [&](uint32_t rounds) {
    for (uint32_t round = 0; round < rounds; ++round) {
      table::slot slots[20];
      for (uint32_t i = 0; i < 20; ++i) requests.bind(slots[i] = requests.add(at(i), 0), round * 20 + i);
      for (const table::slot slot : slots) requests.remove(slot);
    }
  };
  use(1);
  const size_t before = allocation_count();
  use(1000);
  EXPECT_EQ(allocation_count(), before);
}

TEST(RequestTable, MovesPayloadsInAndOut) {
  request_table<std::unique_ptr<int>> requests;
  const auto slot = requests.add(at(1), std::make_unique<int>(3));
  EXPECT_EQ(*requests.remove(slot), 3);
}

// What the table must behave like, written without any cleverness.
struct naive_request {
  uint64_t ticket;
  int64_t deadline;
  std::optional<uint32_t> wire_id;
  int payload;
};

class random_walk {
 public:
  explicit random_walk(uint64_t seed) : random_(seed) {}

  void step() {
    switch (random_.below(8)) {
      case 0:
      case 1:
      case 2: return add();
      case 3:
      case 4: return bind();
      case 5: return remove_any();
      case 6: return remove_first();
      case 7: return look();
    }
  }

  void check_all() {
    ASSERT_EQ(table_.size(), model_.size());
    for (const naive_request& r : model_) {
      const auto slot = table_.by_ticket(r.ticket);
      ASSERT_TRUE(slot);
      ASSERT_EQ(table_.at(*slot).payload, r.payload);
      ASSERT_EQ(table_.at(*slot).deadline, at(r.deadline));
      if (r.wire_id) {
        ASSERT_EQ(table_.by_wire_id(*r.wire_id), slot);
      }
    }
  }

 private:
  // Few ids, so that they come again, and many of them collide.
  uint32_t some_id() {
    static const auto colliding = colliding_ids(40);
    const uint64_t pick = random_.below(80);
    return pick < 40 ? colliding[pick] : static_cast<uint32_t>(pick);
  }

  void add() {
    const auto deadline = static_cast<int64_t>(random_.below(50));
    const int payload = next_payload_++;
    const auto slot = table_.add(at(deadline), payload);
    model_.push_back({table_.ticket(slot), deadline, std::nullopt, payload});
  }

  void bind() {
    const uint32_t id = some_id();
    for (const naive_request& r : model_) {
      if (r.wire_id == id) return;
    }
    for (naive_request& r : model_) {
      if (r.wire_id) continue;
      r.wire_id = id;
      return table_.bind(table_.by_ticket(r.ticket).value(), id);
    }
  }

  void remove_any() {
    if (model_.empty()) return;
    const auto victim = model_.begin() + static_cast<std::ptrdiff_t>(random_.below(model_.size()));
    ASSERT_EQ(table_.remove(table_.by_ticket(victim->ticket).value()), victim->payload);
    ASSERT_EQ(table_.by_ticket(victim->ticket), std::nullopt);
    model_.erase(victim);
  }

  void remove_first() {
    ASSERT_EQ(table_.empty(), model_.empty());
    if (model_.empty()) return;
    const auto least = std::min_element(model_.begin(), model_.end(),
                                        [](const auto& a, const auto& b) { return a.deadline < b.deadline; });
    ASSERT_EQ(table_.deadline(), at(least->deadline));
    const int payload = table_.remove(table_.first());
    const auto same = std::find_if(model_.begin(), model_.end(), [&](const auto& r) { return r.payload == payload; });
    ASSERT_NE(same, model_.end());
    ASSERT_EQ(same->deadline, least->deadline);
    model_.erase(same);
  }

  void look() {
    const uint32_t id = some_id();
    const auto same = std::find_if(model_.begin(), model_.end(), [&](const auto& r) { return r.wire_id == id; });
    const auto found = table_.by_wire_id(id);
    ASSERT_EQ(found.has_value(), same != model_.end());
    if (found) {
      ASSERT_EQ(table_.at(*found).payload, same->payload);
    }
  }

  seeded_random random_;
  table table_;
  std::vector<naive_request> model_;
  int next_payload_ = 1;
};

TEST(RequestTable, BehavesLikeANaiveOneInRandomUse) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    random_walk walk(seed);
    for (int i = 0; i < 1500; ++i) {
      walk.step();
      if (i % 100 == 0) walk.check_all();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace lbwire::session
