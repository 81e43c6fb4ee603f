// Requests that wait for their end: found by ticket (the name that the host knows), by the request id on the wire, or
// by which deadline comes first. No allocation once it has grown to the number in flight.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "session/clock.h"

namespace lbwire::session {

template <class Payload>
class request_table {
 public:
  using slot = uint32_t;

  struct entry {
    time_point deadline;
    uint64_t ticket = 0;
    uint32_t wire_id = 0;
    uint32_t heap_at = 0;
    bool bound = false;  // has a wire id, which may be 0 if a peer chose it
    Payload payload;
  };

  // Adds a request without a wire id.
  slot add(time_point deadline, Payload payload) {
    slot s;
    if (free_.empty()) {
      s = static_cast<slot>(entries_.size());
      entries_.emplace_back();
    } else {
      s = free_.back();
      free_.pop_back();
    }
    entry& e = entries_[s];
    e.deadline = deadline;
    e.ticket = next_ticket_++;
    e.wire_id = 0;
    e.bound = false;
    e.payload = std::move(payload);
    e.heap_at = static_cast<uint32_t>(heap_.size());
    heap_.push_back(s);
    sift_up(e.heap_at);
    return s;
  }

  // Names a request on the wire. The id must not be in flight.
  void bind(slot s, uint32_t wire_id) {
    if ((bound_ + 1) * 2 > index_.size()) grow_index();
    entries_[s].wire_id = wire_id;
    entries_[s].bound = true;
    insert_index(s);
    ++bound_;
  }

  Payload remove(slot s) {
    entry& e = entries_[s];
    if (e.bound) erase_index(e.wire_id);
    heap_erase(e.heap_at);
    free_.push_back(s);
    return std::move(e.payload);
  }

  std::optional<slot> by_wire_id(uint32_t wire_id) const {
    if (bound_ == 0) return std::nullopt;
    for (size_t i = home(wire_id);; i = (i + 1) & (index_.size() - 1)) {
      if (index_[i] == 0) return std::nullopt;
      if (entries_[index_[i] - 1].wire_id == wire_id) return index_[i] - 1;
    }
  }

  // A ticket is a count of all requests of the table, so it is never used again, and below 2^53.
  uint64_t ticket(slot s) const { return entries_[s].ticket; }
  // Looks at each request in flight: for cancelling, which is rare.
  std::optional<slot> by_ticket(uint64_t ticket) const {
    const auto found = std::find_if(heap_.begin(), heap_.end(), [&](slot s) { return entries_[s].ticket == ticket; });
    return found == heap_.end() ? std::nullopt : std::optional<slot>(*found);
  }

  const entry& at(slot s) const { return entries_[s]; }
  entry& at(slot s) { return entries_[s]; }

  size_t size() const { return heap_.size(); }
  bool empty() const { return heap_.empty(); }

  // The request whose deadline comes first. The table must not be empty.
  slot first() const { return heap_.front(); }
  time_point deadline() const { return heap_.empty() ? never : entries_[heap_.front()].deadline; }

  // The slots in flight, in no order.
  const std::vector<slot>& slots() const { return heap_; }

 private:
  // ---- by wire id: open addressing, slot + 1 a cell, 0 for an empty one ----

  size_t home(uint32_t wire_id) const { return (wire_id * 2654435769u) >> index_shift_; }

  void insert_index(slot s) {
    size_t i = home(entries_[s].wire_id);
    while (index_[i] != 0) i = (i + 1) & (index_.size() - 1);
    index_[i] = s + 1;
  }

  void erase_index(uint32_t wire_id) {
    const size_t mask = index_.size() - 1;
    size_t hole = home(wire_id);
    while (entries_[index_[hole] - 1].wire_id != wire_id) hole = (hole + 1) & mask;
    // Whatever was pushed past the hole by a collision moves back, so that no search stops short of it.
    for (size_t i = (hole + 1) & mask; index_[i] != 0; i = (i + 1) & mask) {
      const size_t wanted = home(entries_[index_[i] - 1].wire_id);
      if (((i - wanted) & mask) >= ((i - hole) & mask)) {
        index_[hole] = index_[i];
        hole = i;
      }
    }
    index_[hole] = 0;
    --bound_;
  }

  void grow_index() {
    const std::vector<uint32_t> old = std::exchange(index_, {});
    index_.resize(old.empty() ? 16 : old.size() * 2);
    index_shift_ = 32;
    for (size_t n = index_.size(); n > 1; n /= 2) --index_shift_;
    for (const uint32_t cell : old) {
      if (cell != 0) insert_index(cell - 1);
    }
  }

  // ---- by deadline: a binary heap of slots, each entry knowing its place ----

  bool before(uint32_t a, uint32_t b) const { return entries_[heap_[a]].deadline < entries_[heap_[b]].deadline; }

  void swap_heap(uint32_t a, uint32_t b) {
    std::swap(heap_[a], heap_[b]);
    entries_[heap_[a]].heap_at = a;
    entries_[heap_[b]].heap_at = b;
  }

  void sift_up(uint32_t i) {
    while (i > 0 && before(i, (i - 1) / 2)) {
      swap_heap(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  }

  void sift_down(uint32_t i) {
    for (;;) {
      uint32_t least = i;
      for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap_.size(); ++child) {
        if (before(child, least)) least = child;
      }
      if (least == i) return;
      swap_heap(i, least);
      i = least;
    }
  }

  void heap_erase(uint32_t i) {
    const auto last = static_cast<uint32_t>(heap_.size() - 1);
    if (i != last) swap_heap(i, last);
    heap_.pop_back();
    if (i < heap_.size()) {
      sift_down(i);
      sift_up(i);
    }
  }

  std::vector<entry> entries_;
  std::vector<slot> free_;
  std::vector<slot> heap_;
  std::vector<uint32_t> index_;
  unsigned index_shift_ = 32;
  size_t bound_ = 0;
  uint64_t next_ticket_ = 1;
};

}  // namespace lbwire::session
