// What coming back costs without a library: a bare asio client that sees its connection end, connects again, and has
// one request answered.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace lbwire::bench {

class bare_reconnect {
 public:
  // `on_ready` is called on the client's thread, the first time too.
  bare_reconnect(uint16_t port, std::function<void()> on_ready);
  ~bare_reconnect();
  bare_reconnect(const bare_reconnect&) = delete;
  bare_reconnect& operator=(const bare_reconnect&) = delete;

 private:
  void connect();
  void read();

  asio::io_context context_{1};
  asio::ip::tcp::socket socket_{context_};
  const asio::ip::tcp::endpoint server_;
  std::function<void()> on_ready_;
  std::vector<uint8_t> in_, out_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace lbwire::bench
