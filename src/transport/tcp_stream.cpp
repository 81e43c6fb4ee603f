#include "transport/tcp_stream.h"

#include <netinet/tcp.h>

#include <asio/error.hpp>

namespace lbwire::transport {

namespace {

io_result failure(const asio::error_code& error) {
  if (error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted)
    return {io_result::status::would_block, 0, {}};
  if (error == asio::error::eof) return {io_result::status::closed, 0, "the peer closed the connection"};
  return {io_result::status::failed, 0, error.message()};
}

void set_keepalive(asio::ip::tcp::socket& socket, uint32_t idle_seconds) {
  if (idle_seconds == 0) return;
  asio::error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const int idle = static_cast<int>(idle_seconds);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
}

}  // namespace

std::string address_text(const asio::ip::tcp::endpoint& address) {
  return endpoint{address.address().to_string(), address.port()}.text();
}

tcp_stream::tcp_stream(asio::ip::tcp::socket socket, const tcp_options& options) : socket_(std::move(socket)) {
  asio::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(options.no_delay), ignored);
  set_keepalive(socket_, options.keepalive_s);
  const auto address = socket_.remote_endpoint(ignored);
  peer_ = address_text(address);
}

io_result tcp_stream::read_some(std::span<uint8_t> into) {
  asio::error_code error;
  const size_t size = socket_.read_some(asio::buffer(into.data(), into.size()), error);
  if (error) return failure(error);
  return {io_result::status::ok, size, {}};
}

io_result tcp_stream::write_some(std::span<const uint8_t> from) {
  asio::error_code error;
  const size_t size = socket_.write_some(asio::buffer(from.data(), from.size()), error);
  if (error) return failure(error);
  return {io_result::status::ok, size, {}};
}

// An aborted wait tells nothing: the stream was closed, and its owner knows.
void tcp_stream::wait_readable(std::shared_ptr<io_observer> observer, uint64_t tag) {
  socket_.async_wait(asio::socket_base::wait_read,
                     [observer = std::move(observer), tag](const asio::error_code& error) {
                       if (error != asio::error::operation_aborted) observer->readable(tag);
                     });
}

void tcp_stream::wait_writable(std::shared_ptr<io_observer> observer, uint64_t tag) {
  socket_.async_wait(asio::socket_base::wait_write,
                     [observer = std::move(observer), tag](const asio::error_code& error) {
                       if (error != asio::error::operation_aborted) observer->writable(tag);
                     });
}

void tcp_stream::shutdown_send() {
  asio::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void tcp_stream::close() {
  asio::error_code ignored;
  socket_.close(ignored);
}

}  // namespace lbwire::transport
