// Bytes that wait to be sent: packets are encoded straight into it, the transport takes from its front. Holds no
// memory while it is empty and trimmed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace lbwire::session {

class send_buffer {
 public:
  // Room for `count` bytes behind what waits; they count once commit() is called.
  std::span<uint8_t> prepare(size_t count) {
    if (capacity_ - end_ < count) make_room(count);
    return {data_.get() + end_, count};
  }
  void commit(size_t count) { end_ += count; }

  std::span<const uint8_t> pending() const { return {data_.get() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  void consume(size_t count) {
    begin_ += count;
    if (begin_ == end_) {
      begin_ = end_ = 0;
      if (capacity_ > keep_capacity) release();
    }
  }

  // Forgets what waits.
  void clear() {
    begin_ = end_ = 0;
    trim();
  }

  // Gives the memory back if nothing waits: for a session that falls silent.
  void trim() {
    if (empty()) release();
  }

  size_t capacity() const { return capacity_; }

 private:
  static constexpr size_t keep_capacity = 64 * 1024;

  void make_room(size_t count) {
    const size_t waiting = size();
    if (capacity_ >= waiting + count && begin_ >= capacity_ / 2) {
      std::memmove(data_.get(), data_.get() + begin_, waiting);
    } else {
      const size_t capacity = std::max(waiting + count, std::max<size_t>(128, capacity_ * 2));
      auto data = std::make_unique_for_overwrite<uint8_t[]>(capacity);
      if (waiting > 0) std::memcpy(data.get(), data_.get() + begin_, waiting);
      data_ = std::move(data);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = waiting;
  }

  void release() {
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }

  std::unique_ptr<uint8_t[]> data_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace lbwire::session
