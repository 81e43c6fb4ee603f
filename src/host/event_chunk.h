// Events and their texts, one behind the other in one piece of memory, so that a whole run of them changes
// hands as one pointer. Pointers into a chunk stay good until it is reused or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "lbwire/lbwire.h"

namespace lbwire::host {

struct event_record {
  size_t size;              // with the texts that follow, a multiple of the alignment
  uint64_t dropped_before;  // pushes that were dropped between the record before and this one
  lbw_event event;
};

// Bytes that an event takes in a chunk.
size_t record_size(const lbw_event& event);

// Pushes and log lines may be dropped; everything else must reach the host.
bool is_droppable(const lbw_event& event) noexcept;

class event_chunk {
 public:
  explicit event_chunk(size_t capacity);

  bool fits(size_t size) const noexcept { return size <= capacity_ - used_; }
  bool empty() const noexcept { return read_ == used_; }
  size_t capacity() const noexcept { return capacity_; }
  size_t bytes() const noexcept { return used_ - read_; }  // not popped yet
  size_t droppable_bytes() const noexcept { return droppable_; }

  // `size` is record_size(event), and fits.
  void append(const lbw_event& event, size_t size, uint64_t dropped_before);

  event_record& front() noexcept;
  void pop() noexcept;
  void clear() noexcept;

 private:
  friend class event_chunk_list;

  std::unique_ptr<std::byte[]> memory_;
  size_t capacity_;
  size_t read_ = 0;
  size_t used_ = 0;
  size_t droppable_ = 0;  // bytes of droppable records between read_ and used_
  std::unique_ptr<event_chunk> next_;
};

// Chunks in order, first in first out.
class event_chunk_list {
 public:
  event_chunk_list() = default;
  event_chunk_list(const event_chunk_list&) = delete;
  event_chunk_list& operator=(const event_chunk_list&) = delete;
  ~event_chunk_list() { clear(); }

  bool empty() const noexcept { return !head_; }
  event_chunk& front() noexcept { return *head_; }
  event_chunk& back() noexcept { return *tail_; }
  void push_back(std::unique_ptr<event_chunk> chunk) noexcept;
  std::unique_ptr<event_chunk> pop_front() noexcept;
  void clear() noexcept;

 private:
  std::unique_ptr<event_chunk> head_;
  event_chunk* tail_ = nullptr;
};

}  // namespace lbwire::host
