#include "transport/tcp_connector.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "transport/tcp_stream.h"

namespace lbwire::transport {

namespace {

constexpr std::chrono::milliseconds stagger{250};

using address_list = std::vector<asio::ip::tcp::endpoint>;

// v6, v4, v6, v4, … starting with the family that the resolver put first.
address_list interleave(const address_list& in) {
  address_list by_family[2];
  if (in.empty()) return in;
  const bool first_is_v6 = in.front().address().is_v6();
  for (const auto& address : in) by_family[address.address().is_v6() == first_is_v6 ? 0 : 1].push_back(address);
  address_list out;
  for (size_t i = 0; out.size() < in.size(); ++i) {
    for (const auto& family : by_family) {
      if (i < family.size()) out.push_back(family[i]);
    }
  }
  return out;
}

// A socket that was waited on for connecting stays registered for "writable" with asio's reactor, and is reported as
// that at each later wait for input: a wake-up for nothing with every packet. A new registration forgets it.
asio::ip::tcp::socket registered_anew(asio::ip::tcp::socket& socket, const asio::ip::tcp::endpoint& address,
                                      asio::error_code& error) {
  asio::ip::tcp::socket anew(socket.get_executor());
  const auto descriptor = socket.release(error);
  if (error) return anew;
  anew.assign(address.protocol(), descriptor, error);
  if (error) ::close(descriptor);
  return anew;
}

}  // namespace

tcp_connector::tcp_connector(event_loop& loop, endpoint server, tcp_options options, handler done)
    : context_(loop.context()),
      server_(std::move(server)),
      options_(options),
      done_(std::move(done)),
      resolver_(context_),
      stagger_(context_) {}

void tcp_connector::start() {
  if (!done_) return;  // cancelled before it began
  asio::error_code not_numeric;
  const auto address = asio::ip::make_address(server_.host, not_numeric);
  if (!not_numeric) {
    addresses_ = {tcp::endpoint(address, server_.port)};
    return attempt_next();
  }
  try {
    resolver_.async_resolve(
        server_.host, std::to_string(server_.port),
        [self = shared_from_this()](const asio::error_code& error, const tcp::resolver::results_type& results) {
          if (self->done_) self->resolved(error, results);
        });
  } catch (const std::system_error& error) {  // asio resolves on a thread, and none can be had
    finish({nullptr, false, "resolve " + server_.host + ": " + error.what()});
  }
}

void tcp_connector::resolved(const asio::error_code& error, const tcp::resolver::results_type& results) {
  if (error) return finish({nullptr, false, "resolve " + server_.host + ": " + error.message()});
  for (const auto& result : results) addresses_.push_back(result.endpoint());
  addresses_ = interleave(addresses_);
  attempt_next();
}

void tcp_connector::attempt_next() {
  if (next_ == addresses_.size()) {
    if (attempts_.empty()) finish({nullptr, true, "connect to " + problems_});
    return;
  }
  const tcp::endpoint address = addresses_[next_++];
  const auto socket = attempts_.emplace(attempts_.end(), context_);
  socket->async_connect(address, [self = shared_from_this(), socket, address](const asio::error_code& error) {
    if (self->done_) self->attempted(socket, address, error);
  });
  if (next_ == addresses_.size()) return;
  stagger_.expires_after(stagger);
  stagger_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (!error && self->done_) self->attempt_next();
  });
}

void tcp_connector::attempted(std::list<tcp::socket>::iterator socket, const tcp::endpoint& address,
                              const asio::error_code& result) {
  asio::error_code error = result;
  // Where nobody listens, the system may pick the port itself as the local one, and connect the socket to itself.
  if (!error && socket->local_endpoint(error) == address) error = asio::error::connection_refused;
  if (!error) {
    asio::ip::tcp::socket connected = registered_anew(*socket, address, error);
    if (!error) return finish({std::make_unique<tcp_stream>(std::move(connected), options_), true, {}});
  }
  attempts_.erase(socket);
  if (!problems_.empty()) problems_ += "; ";
  problems_ += address_text(address) + ": " + error.message();
  stagger_.cancel();
  attempt_next();
}

void tcp_connector::finish(connect_result result) {
  const handler done = std::exchange(done_, nullptr);
  cancel();
  done(std::move(result));
}

void tcp_connector::cancel() {
  done_ = nullptr;
  resolver_.cancel();
  stagger_.cancel();
  asio::error_code ignored;
  for (auto& socket : attempts_) socket.close(ignored);
}

}  // namespace lbwire::transport
