// A thread that runs one asio context, and what everything on that thread shares: the buffer that sockets are read into
// and the batch that events are collected in. So an idle connection holds neither.
#pragma once

#include <array>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "session/event.h"
#include "session/random_source.h"

namespace lbwire::transport {

class event_loop : public session::random_source {
 public:
  static constexpr size_t read_buffer_size = 128 * 1024;

  // Starts the thread. It ends by itself when the last owner is gone and nothing is under way; nobody waits for it,
  // since the last owner may go on that very thread. Throws std::system_error if no thread can be had.
  static std::shared_ptr<event_loop> start(const std::string& name);

  asio::io_context& context() { return core_->context; }

  template <class Function>
  void post(Function&& function) {
    asio::post(core_->context, std::forward<Function>(function));
  }

  // For the loop's own thread alone.
  std::span<uint8_t> read_buffer() { return {core_->buffer.get(), read_buffer_size}; }
  session::event_batch& batch() { return core_->batch; }
  uint64_t next() override { return core_->random(); }

  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  ~event_loop() override = default;  // drops the work guard: the thread ends once its handlers have run

 private:
  // What the thread needs as long as it runs, owned by it as well.
  struct core {
    asio::io_context context{1};
    std::unique_ptr<uint8_t[]> buffer = std::make_unique_for_overwrite<uint8_t[]>(read_buffer_size);
    session::event_batch batch;
    std::mt19937_64 random{std::random_device{}()};
  };

  explicit event_loop(std::shared_ptr<core> c) : core_(std::move(c)), work_(core_->context.get_executor()) {}

  std::shared_ptr<core> core_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
};

}  // namespace lbwire::transport
