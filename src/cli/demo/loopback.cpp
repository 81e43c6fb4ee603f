#include "demo/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "failure.h"

namespace lbwire::cli {

namespace {

sockaddr_in loopback_address(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The socket functions take the address of any family by a pointer to this.
sockaddr* generic(sockaddr_in& address) {
  void* const pointer = &address;
  return static_cast<sockaddr*>(pointer);
}

descriptor open_socket() {
  descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) throw system_failure("no socket");
  return socket;
}

}  // namespace

descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

descriptor listen_on_loopback() {
  descriptor socket = open_socket();
  sockaddr_in address = loopback_address(0);
  if (::bind(socket.get(), generic(address), sizeof address) != 0 || ::listen(socket.get(), 16) != 0) {
    throw system_failure("cannot listen on loopback");
  }
  return socket;
}

uint16_t port_of(const descriptor& socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket.get(), generic(address), &length) != 0) {
    throw system_failure("getsockname");
  }
  return ntohs(address.sin_port);
}

descriptor connect_to_loopback(uint16_t port) {
  descriptor socket = open_socket();
  sockaddr_in address = loopback_address(port);
  if (::connect(socket.get(), generic(address), sizeof address) != 0) return descriptor();
  return socket;
}

void send_all(const descriptor& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace lbwire::cli
