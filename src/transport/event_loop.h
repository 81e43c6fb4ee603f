// A thread that runs one asio context.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <memory>
#include <string>
#include <utility>

namespace lbwire::transport {

class event_loop {
 public:
  // Starts the thread. It ends by itself when the last owner is gone and nothing is under way; nobody waits for it,
  // since the last owner may go on that very thread. Throws std::system_error if no thread can be had.
  explicit event_loop(const std::string& name);
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  asio::io_context& context() { return *context_; }

  template <class Function>
  void post(Function&& function) {
    asio::post(*context_, std::forward<Function>(function));
  }

 private:
  const std::shared_ptr<asio::io_context> context_;  // the thread owns it too
  const asio::executor_work_guard<asio::io_context::executor_type> work_;
};

}  // namespace lbwire::transport
