// A peer that is nothing but a socket: it sends what the test wrote by hand, well or badly, and shows what came back.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <lbwire/lbwire.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "recorder.h"

namespace lbwire::e2e {

using bytes = std::vector<uint8_t>;

inline bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// A packet, from the JSON form that lbw_packet_from_json takes.
inline bytes packet(const std::string& json, uint32_t version = 1) {
  size_t size = 0;
  lbw_packet_from_json(version, json.data(), json.size(), nullptr, 0, &size);
  bytes out(size);
  EXPECT_EQ(LBW_OK, lbw_packet_from_json(version, json.data(), json.size(), out.data(), out.size(), &size)) << json;
  return out;
}

// A packet with any header and body.
struct plain_packet {
  uint8_t type = LBW_PACKET_REQUEST, cmd = 10, status = 0;
  bool gzip = false;
  uint32_t request_id = 0;
  uint16_t timeout_ms = 0;
  bytes body, metadata;
};
inline bytes encode(const plain_packet& p, uint32_t version = 1) {
  lbw_packet raw{};
  raw.size = sizeof raw;
  raw.type = p.type;
  raw.cmd = p.cmd;
  raw.status = p.status;
  raw.gzip = p.gzip ? 1 : 0;
  raw.request_id = p.request_id;
  raw.timeout_ms = p.timeout_ms;
  raw.metadata = p.metadata.data();
  raw.metadata_len = static_cast<uint32_t>(p.metadata.size());
  raw.body = p.body.data();
  raw.body_len = static_cast<uint32_t>(p.body.size());
  size_t size = 0;
  lbw_packet_encode(version, &raw, nullptr, 0, &size);
  bytes out(size);
  EXPECT_EQ(LBW_OK, lbw_packet_encode(version, &raw, out.data(), out.size(), &size));
  return out;
}

inline const bytes handshake{0x11, 0x09};     // version 1, protobuf, OpenAPI
inline const bytes handshake_v2{0x12, 0x09};  // version 2

inline bytes body_of(const std::string& text) {
  return {text.begin(), text.end()};
}

inline bytes auth(const std::string& token, uint32_t id = 1, uint32_t version = 1) {
  return packet("{\"type\": \"request\", \"cmd\": 2, \"request_id\": " + std::to_string(id) +
                    ", \"timeout_ms\": 10000, \"control\": {\"token\": \"" + token + "\"}}",
                version);
}
inline bytes request(uint32_t id, const std::string& body = "", uint8_t cmd = 10) {
  plain_packet p;
  p.cmd = cmd;
  p.request_id = id;
  p.timeout_ms = 5000;
  p.body = body_of(body);
  return encode(p);
}
inline bytes push(uint8_t cmd, const bytes& body) {
  plain_packet p;
  p.type = LBW_PACKET_PUSH;
  p.cmd = cmd;
  p.body = body;
  return encode(p);
}
inline bytes close_push(int code, const std::string& reason) {
  return packet("{\"type\": \"push\", \"cmd\": 0, \"control\": {\"code\": " + std::to_string(code) +
                ", \"reason\": \"" + reason + "\"}}");
}
inline bytes response(uint8_t cmd, uint32_t id, const bytes& body, uint8_t status = 0) {
  plain_packet p;
  p.type = LBW_PACKET_RESPONSE;
  p.cmd = cmd;
  p.request_id = id;
  p.status = status;
  p.body = body;
  return encode(p);
}

struct received_packet {
  uint8_t type, cmd, status;
  uint32_t request_id;
  uint16_t timeout_ms;
  bool gzip;
  bytes body;
  std::string json;
  std::string text() const { return {body.begin(), body.end()}; }
};

class raw_peer {
 public:
  explicit raw_peer(int fd, uint32_t version = 1) : fd_(fd), version_(version) {}
  raw_peer(raw_peer&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), version_(other.version_), in_(std::move(other.in_)) {}
  raw_peer& operator=(raw_peer&&) = delete;
  ~raw_peer() { close(); }

  // To "127.0.0.1:port".
  static raw_peer to(const std::string& address, uint32_t version = 1) {
    const size_t colon = address.rfind(':');
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &in.sin_addr);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(0, ::connect(fd, reinterpret_cast<sockaddr*>(&in), sizeof in));
    return raw_peer(fd, version);
  }

  // False if the other end is gone.
  bool send(const bytes& out) const {
    size_t sent = 0;
    while (sent < out.size()) {
      const ssize_t n = ::send(fd_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<size_t>(n);
    }
    return true;
  }
  void shutdown_send() const { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // The other end sees a reset instead of an end.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  // The next `size` bytes; fewer if the stream ended.
  bytes read(size_t size) {
    while (in_.size() < size && read_more()) {
    }
    size = std::min(size, in_.size());
    bytes out(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(size));
    in_.erase(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(size));
    return out;
  }

  // The next packet; nothing if the stream ended, or none came.
  std::optional<received_packet> receive() {
    for (;;) {
      lbw_packet p{};
      p.size = sizeof p;
      size_t used = 0;
      const lbw_status status = lbw_packet_decode(version_, in_.data(), in_.size(), &p, &used);
      if (status == LBW_OK) {
        received_packet out{p.type, p.cmd, p.status, p.request_id, p.timeout_ms, p.gzip != 0, {}, {}};
        const auto* body = static_cast<const uint8_t*>(p.body);
        out.body.assign(body, body + p.body_len);
        out.json = to_json(used);
        in_.erase(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(used));
        return out;
      }
      EXPECT_EQ(LBW_ERR_BUFFER_TOO_SMALL, status);
      if (status != LBW_ERR_BUFFER_TOO_SMALL || !read_more()) return std::nullopt;
    }
  }
  // The next packet that is no heartbeat.
  std::optional<received_packet> receive_other() {
    for (;;) {
      auto p = receive();
      if (!p || p->cmd != 1) return p;
    }
  }

  // Reads on until the other end closes; false if it does not.
  [[nodiscard]] bool ended() {
    while (read_more()) in_.clear();
    return ended_;
  }

  // As a client: handshake and auth, and the answer to it.
  [[nodiscard]] bool authenticate(const std::string& token) {
    send(handshake + auth(token));
    const auto answer = receive();
    return answer && answer->cmd == 2 && answer->status == 0;
  }
  // As a gateway: takes handshake and first packet.
  std::optional<received_packet> first_packet() {
    read(2);
    return receive();
  }
  // As a gateway: lets the client in.
  void admit(const received_packet& first, const std::string& session = "0123456789abcdef0123456789abcdef",
             int64_t lifetime_ms = 3'600'000) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const int64_t expires = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + lifetime_ms;
    send(packet("{\"type\": \"response\", \"cmd\": " + std::to_string(first.cmd) + ", \"request_id\": " +
                std::to_string(first.request_id) + ", \"status\": 0, \"control\": {\"session_id\": \"" + session +
                "\", \"expires\": " + std::to_string(expires) + ", \"limit\": 10, \"online\": 1}}"));
  }

  int fd() const { return fd_; }
  // The version of the packets that follow.
  void speak(uint32_t version) { version_ = version; }

 private:
  bool read_more() {
    pollfd waited{fd_, POLLIN, 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    if (::poll(&waited, 1, static_cast<int>(limit)) != 1) return false;
    uint8_t buffer[65536];
    const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) {
      ended_ = true;
      return false;
    }
    in_.insert(in_.end(), buffer, buffer + n);
    return true;
  }
  std::string to_json(size_t size) const {
    std::string json(size * 6 + 4096, '\0');
    size_t len = 0;
    if (lbw_packet_to_json(version_, in_.data(), size, json.data(), json.size(), &len, nullptr) != LBW_OK) return {};
    json.resize(len);
    return json;
  }

  int fd_;
  uint32_t version_;
  bool ended_ = false;
  bytes in_;
};

// Listens, and accepts one connection after the other.
class raw_gateway {
 public:
  explicit raw_gateway(int backlog = 16) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(0, ::bind(fd_, reinterpret_cast<sockaddr*>(&in), sizeof in));
    socklen_t size = sizeof in;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&in), &size);
    port_ = ntohs(in.sin_port);
    EXPECT_EQ(0, ::listen(fd_, backlog));
  }
  ~raw_gateway() { ::close(fd_); }
  raw_gateway(const raw_gateway&) = delete;
  raw_gateway& operator=(const raw_gateway&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  raw_peer accept() const {
    pollfd waited{fd_, POLLIN, 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    EXPECT_EQ(1, ::poll(&waited, 1, static_cast<int>(limit))) << "nobody connected";
    return raw_peer(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
  }
  // Lets the next client in.
  raw_peer accept_ready() const {
    raw_peer peer = accept();
    const auto first = peer.first_packet();
    EXPECT_TRUE(first);
    if (first) peer.admit(*first);
    return peer;
  }
  // Whether a client connected that was not accepted yet.
  bool somebody_waits() const {
    pollfd waited{fd_, POLLIN, 0};
    return ::poll(&waited, 1, 0) == 1;
  }

 private:
  int fd_;
  uint16_t port_ = 0;
};

}  // namespace lbwire::e2e
