// TCP sockets on 127.0.0.1, for the parts of the demo that stand outside the library.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace lbwire::cli {

// Sole owner of a descriptor; -1 is none.
class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor();
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

// At a port that the system chooses. Throws a failure.
descriptor listen_on_loopback();

uint16_t port_of(const descriptor& socket);

// Without a descriptor if nobody listens there.
descriptor connect_to_loopback(uint16_t port);

// Sends all of it, or as much as the peer takes before it is gone.
void send_all(const descriptor& socket, std::string_view bytes);

}  // namespace lbwire::cli
