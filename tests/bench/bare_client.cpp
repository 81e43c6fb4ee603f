#include "bare_client.h"

#include <asio/post.hpp>
#include <asio/write.hpp>
#include <utility>

#include "sizes.h"

namespace lbwire::bench {

using asio::ip::tcp;

bare_client::bare_client(uint16_t port, responses_handler on_responses)
    : on_responses_(std::move(on_responses)), in_(128 * 1024), out_(64 * request_size) {
  socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  socket_.set_option(tcp::no_delay(true));
  socket_.non_blocking(true);
  read();
  thread_ = std::thread([this] { context_.run(); });
}

bare_client::~bare_client() {
  asio::post(context_, [this] { socket_.close(); });
  thread_.join();
}

void bare_client::send(size_t count) {
  asio::write(socket_, asio::buffer(out_.data(), count * request_size));
}

void bare_client::read() {
  socket_.async_read_some(asio::buffer(in_), [this](const asio::error_code& error, size_t size) {
    if (error) return;
    unread_ += size;
    const size_t count = unread_ / response_size;
    unread_ %= response_size;
    if (count > 0) on_responses_(count);
    read();
  });
}

}  // namespace lbwire::bench
