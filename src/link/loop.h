// An event loop with what everything on its thread shares: the buffer that streams are read into, the batch that events
// are collected in, and a source of jitter. So an idle link holds none of them.
#pragma once

#include <memory>
#include <random>
#include <span>
#include <string>

#include "session/event.h"
#include "session/random_source.h"
#include "transport/event_loop.h"

namespace lbwire::link {

class loop final : public transport::event_loop, public session::random_source {
 public:
  static constexpr size_t read_buffer_size = 128 * 1024;

  explicit loop(const std::string& name) : event_loop(name) {}

  // For the loop's own thread alone.
  std::span<uint8_t> read_buffer() { return {buffer_.get(), read_buffer_size}; }
  session::event_batch& batch() { return batch_; }
  uint64_t next() override { return random_(); }

 private:
  const std::unique_ptr<uint8_t[]> buffer_ = std::make_unique_for_overwrite<uint8_t[]>(read_buffer_size);
  session::event_batch batch_;
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace lbwire::link
