#pragma once

#include <asio/ip/tcp.hpp>

#include "transport/endpoint.h"
#include "transport/stream.h"

namespace lbwire::transport {

class tcp_stream final : public stream {
 public:
  // Takes a connected socket and sets its options.
  tcp_stream(asio::ip::tcp::socket socket, const tcp_options& options);

  io_result read_some(std::span<uint8_t> into) override;
  io_result write_some(std::span<const uint8_t> from) override;
  void wait_readable(std::shared_ptr<io_observer> observer, uint64_t tag) override;
  void wait_writable(std::shared_ptr<io_observer> observer, uint64_t tag) override;
  void shutdown_send() override;
  void close() override;
  std::string peer() const override { return peer_; }

 private:
  asio::ip::tcp::socket socket_;
  std::string peer_;
};

// "127.0.0.1:2020", "[::1]:2020"
std::string address_text(const asio::ip::tcp::endpoint& address);

}  // namespace lbwire::transport
