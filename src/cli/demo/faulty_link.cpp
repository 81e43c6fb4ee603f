#include "demo/faulty_link.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "failure.h"

namespace lbwire::cli {

faulty_link::faulty_link(uint16_t gateway_port)
    : gateway_port_(gateway_port), listener_(listen_on_loopback()), port_(port_of(listener_)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw system_failure("no pipe");
  orders_out_ = descriptor(ends[0]);
  orders_in_ = descriptor(ends[1]);
  thread_ = std::thread([this] { run(); });
}

faulty_link::~faulty_link() {
  order('q');
  thread_.join();
}

void faulty_link::order(char what) {
  while (::write(orders_in_.get(), &what, 1) < 0 && errno == EINTR) {
  }
}

void faulty_link::run() {
  for (;;) {
    std::vector<pollfd> fds = watched();
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0 && !obey()) return;
    size_t at = 2;
    for (relayed& connection : connections_) {
      if (fds[at++].revents != 0) relay(connection, true);
      if (fds[at++].revents != 0) relay(connection, false);
    }
    connections_.remove_if([](const relayed& c) { return c.client_done && c.gateway_done; });
    if (fds[1].revents != 0) accept_client();
  }
}

// The orders, the listener, then the client's and the gateway's end of each connection. poll skips -1.
std::vector<pollfd> faulty_link::watched() const {
  std::vector<pollfd> fds{{orders_out_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
  for (const relayed& connection : connections_) {
    fds.push_back({connection.client_done ? -1 : connection.client.get(), POLLIN, 0});
    fds.push_back({connection.gateway_done ? -1 : connection.gateway.get(), POLLIN, 0});
  }
  return fds;
}

bool faulty_link::obey() {
  char what = 0;
  if (::read(orders_out_.get(), &what, 1) != 1) return true;
  for (relayed& connection : connections_) {
    switch (what) {
      case 's': connection.swallows = true; break;
      case 'g': send_all(connection.gateway, std::string(16, '\0')); break;  // no packet is of type 0
      case 'c': connection.client_done = connection.gateway_done = true; break;
      default: break;
    }
  }
  return what != 'q';
}

void faulty_link::accept_client() {
  descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (client.get() < 0) return;
  descriptor gateway = connect_to_loopback(gateway_port_);
  if (gateway.get() < 0) return;  // the client sees a connection that ends at once
  connections_.push_back({std::move(client), std::move(gateway)});
}

// Passes on what is there; an end is passed on as an end of that direction alone, so that the last words of
// the other direction still arrive.
void faulty_link::relay(relayed& connection, bool from_client) {
  const descriptor& from = from_client ? connection.client : connection.gateway;
  const descriptor& to = from_client ? connection.gateway : connection.client;
  std::array<char, 16384> bytes;
  const ssize_t got = ::recv(from.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    (from_client ? connection.client_done : connection.gateway_done) = true;
    ::shutdown(to.get(), SHUT_WR);
  } else if (!from_client || !connection.swallows) {
    send_all(to, {bytes.data(), static_cast<size_t>(got)});
  }
}

}  // namespace lbwire::cli
