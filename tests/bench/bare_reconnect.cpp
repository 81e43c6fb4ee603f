#include "bare_reconnect.h"

#include <asio/post.hpp>
#include <asio/write.hpp>
#include <utility>

#include "sizes.h"

namespace lbwire::bench {

using asio::ip::tcp;

bare_reconnect::bare_reconnect(uint16_t port, std::function<void()> on_ready)
    : server_(asio::ip::address_v4::loopback(), port),
      on_ready_(std::move(on_ready)),
      in_(128 * 1024),
      out_(request_size) {
  connect();
  thread_ = std::thread([this] { context_.run(); });
}

bare_reconnect::~bare_reconnect() {
  asio::post(context_, [this] {
    ended_ = true;
    socket_.close();
  });
  thread_.join();
}

void bare_reconnect::connect() {
  socket_ = tcp::socket(context_);
  socket_.async_connect(server_, [this](const asio::error_code& error) {
    if (error || ended_) return;
    socket_.set_option(tcp::no_delay(true));
    asio::write(socket_, asio::buffer(out_));
    read();
  });
}

void bare_reconnect::read() {
  socket_.async_read_some(asio::buffer(in_), [this](const asio::error_code& error, size_t) {
    if (ended_) return;
    if (error) return connect();
    on_ready_();
    read();
  });
}

}  // namespace lbwire::bench
