// The client of the bare echo: one asio thread reads, any thread writes. What the library does less of.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace lbwire::bench {

class bare_client {
 public:
  // Told on the client's thread how many whole responses came.
  using responses_handler = std::function<void(size_t count)>;

  bare_client(uint16_t port, responses_handler on_responses);
  ~bare_client();
  bare_client(const bare_client&) = delete;
  bare_client& operator=(const bare_client&) = delete;

  // Sends so many requests at once, on the calling thread.
  void send(size_t count = 1);

 private:
  void read();

  asio::io_context context_{1};
  asio::ip::tcp::socket socket_{context_};
  responses_handler on_responses_;
  std::vector<uint8_t> in_, out_;
  size_t unread_ = 0;
  std::thread thread_;
};

}  // namespace lbwire::bench
