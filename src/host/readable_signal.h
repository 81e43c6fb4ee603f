// A descriptor that is readable or not, as told: what lets any event loop of the host watch a queue.
#pragma once

#include <cstdint>

namespace lbwire::host {

// Not thread-safe; its owner's lock guards it.
class readable_signal {
 public:
  readable_signal() = default;
  readable_signal(const readable_signal&) = delete;
  readable_signal& operator=(const readable_signal&) = delete;
  ~readable_signal() { close(); }

  bool is_open() const noexcept { return read_end_ >= 0; }
  int32_t fd() const noexcept { return read_end_; }

  // False if the system has no descriptor left.
  bool open() noexcept;

  // Who waits on the descriptor is woken by the hang-up.
  void close() noexcept;

  // Without effect unless open. Calling twice does no more than calling once.
  void raise() noexcept;
  void lower() noexcept;

 private:
  int32_t read_end_ = -1;
  int32_t write_end_ = -1;
  bool raised_ = false;
};

}  // namespace lbwire::host
