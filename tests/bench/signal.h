// How one thread waits for another, always with a deadline.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "clock.h"

namespace lbwire::bench {

// Things that one thread gives and another takes: an answer that came, room for one more request.
class permits {
 public:
  void give(size_t count = 1) {
    {
      const std::lock_guard held(mutex_);
      count_ += count;
    }
    given_.notify_one();
  }

  void take() {
    std::unique_lock held(mutex_);
    wait(held);
    --count_;
  }

  // All that there are, and at least one.
  size_t take_all() {
    std::unique_lock held(mutex_);
    wait(held);
    return std::exchange(count_, 0);
  }

 private:
  void wait(std::unique_lock<std::mutex>& held) {
    if (given_.wait_for(held, patience, [this] { return count_ > 0; })) return;
    throw std::runtime_error("what was waited for did not come in time");
  }

  std::mutex mutex_;
  std::condition_variable given_;
  size_t count_ = 0;
};

}  // namespace lbwire::bench
