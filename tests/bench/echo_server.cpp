// The bare echo: one asio thread that answers each request's worth of bytes with a response's worth, as fast as asio
// can. It knows nothing of packets.
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "clock.h"
#include "cut.h"
#include "roles.h"

namespace lbwire::bench {

namespace {

using asio::ip::tcp;

struct message_sizes {
  size_t request, response;
};

class echoing : public std::enable_shared_from_this<echoing> {
 public:
  echoing(tcp::socket socket, message_sizes sizes) : socket_(std::move(socket)), sizes_(sizes) {
    socket_.set_option(tcp::no_delay(true));
  }

  void read() {
    socket_.async_read_some(asio::buffer(in_), [self = shared_from_this()](const asio::error_code& error, size_t size) {
      if (!error) self->answer(size);
    });
  }

 private:
  void answer(size_t size) {
    unanswered_ += size;
    const size_t count = unanswered_ / sizes_.request;
    unanswered_ %= sizes_.request;
    if (out_.size() < count * sizes_.response) out_.resize(count * sizes_.response);
    asio::error_code error;
    asio::write(socket_, asio::buffer(out_.data(), count * sizes_.response), error);
    if (!error) read();
  }

  tcp::socket socket_;
  const message_sizes sizes_;
  std::vector<uint8_t> in_ = std::vector<uint8_t>(128 * 1024), out_;
  size_t unanswered_ = 0;
};

void accept_next(tcp::acceptor& acceptor, message_sizes sizes) {
  acceptor.async_accept([&acceptor, sizes](const asio::error_code& error, tcp::socket socket) {
    if (!error) std::make_shared<echoing>(std::move(socket), sizes)->read();
    accept_next(acceptor, sizes);
  });
}

}  // namespace

void be_echo_server(const words& arguments) {
  const message_sizes sizes{std::stoul(arguments.at(0)), std::stoul(arguments.at(1))};
  asio::io_context context{1};
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  accept_next(acceptor, sizes);
  std::thread([&context] { context.run(); }).detach();
  say("port " + std::to_string(acceptor.local_endpoint().port()));
  obey([](const words& order) {
    if (order[0] != "cut") return;
    const int64_t at = now_ns();
    cut_connections();
    say("cut " + std::to_string(at));
  });
}

}  // namespace lbwire::bench
