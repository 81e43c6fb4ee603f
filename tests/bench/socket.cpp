#include "socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "clock.h"

namespace lbwire::bench {

namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::system_category(), what);
  return result;
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void prepare(int descriptor) {
  const int yes = 1;
  checked(::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "TCP_NODELAY");
  const timeval limit{std::chrono::seconds(patience).count(), 0};
  checked(::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "SO_RCVTIMEO");
  checked(::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), "SO_SNDTIMEO");
}

int new_socket() {
  return checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

}  // namespace

plain_socket::plain_socket(plain_socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

plain_socket& plain_socket::operator=(plain_socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

plain_socket::~plain_socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

plain_socket plain_socket::listening() {
  plain_socket made(new_socket());
  const sockaddr_in any = loopback(0);
  checked(::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&any), sizeof any), "bind");
  checked(::listen(made.descriptor_, SOMAXCONN), "listen");
  return made;
}

plain_socket plain_socket::connected(uint16_t port) {
  plain_socket made(new_socket());
  prepare(made.descriptor_);
  const sockaddr_in peer = loopback(port);
  checked(::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer), "connect");
  return made;
}

plain_socket plain_socket::accept() const {
  plain_socket made(checked(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
  prepare(made.descriptor_);
  return made;
}

uint16_t plain_socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

size_t plain_socket::receive(std::span<uint8_t> into) const {
  for (;;) {
    const ssize_t size = ::recv(descriptor_, into.data(), into.size(), 0);
    if (size >= 0) return static_cast<size_t>(size);
    if (errno == ECONNRESET) return 0;
    if (errno != EINTR) checked(-1, "recv");
  }
}

void plain_socket::send_all(std::span<const uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    bytes = bytes.subspan(static_cast<size_t>(checked(static_cast<int>(size), "send")));
  }
}

std::string address_of(uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

uint16_t port_of(const std::string& address) {
  return static_cast<uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

}  // namespace lbwire::bench
