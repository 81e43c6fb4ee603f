// Plain blocking sockets on loopback, for the bare loops and the peers that are no gateway.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lbwire::bench {

class plain_socket {
 public:
  plain_socket() = default;
  explicit plain_socket(int descriptor) : descriptor_(descriptor) {}
  plain_socket(plain_socket&& other) noexcept;
  plain_socket& operator=(plain_socket&& other) noexcept;
  ~plain_socket();

  static plain_socket listening();
  static plain_socket connected(uint16_t port);

  plain_socket accept() const;
  uint16_t port() const;

  // What is there, waiting for it if need be; 0 at the end of the stream.
  size_t receive(std::span<uint8_t> into) const;
  void send_all(std::span<const uint8_t> bytes) const;

 private:
  int descriptor_ = -1;
};

std::string address_of(uint16_t port);
uint16_t port_of(const std::string& address);

}  // namespace lbwire::bench
