// Pushes of 100 bytes, delivered to a C callback, against a bare loop that reads the same bytes and finds where each
// packet ends.
#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "child.h"
#include "library.h"
#include "roles.h"
#include "sizes.h"
#include "socket.h"
#include "statistics.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

// Counts what arrives, from the first to the last.
class arrivals {
 public:
  explicit arrivals(size_t expected) : expected_(expected) {}

  void arrived(size_t size) {
    if (count_++ == 0) start_ = now_ns();
    if (size != body_size) ++odd_;
    if (count_ == expected_) {
      ns_ = now_ns() - start_;
      all_.give();
    }
  }

  double per_second() {
    all_.take();
    if (odd_ != 0) throw std::runtime_error("pushes arrived with another size than they were sent with");
    return static_cast<double>(expected_) * 1e9 / static_cast<double>(ns_);
  }

  static void on_push(lbw_client, const lbw_push_event* event, void* user) {
    static_cast<arrivals*>(user)->arrived(event->body_len);
  }

 private:
  const size_t expected_;
  size_t count_ = 0, odd_ = 0;
  int64_t start_ = 0, ns_ = 0;
  permits all_;
};

double library_rate(const std::string& address, size_t count) {
  arrivals pushes(count);
  const ready_client client(address, {arrivals::on_push, nullptr, &pushes});
  return pushes.per_second();
}

double bare_rate(uint16_t port, size_t count) {
  constexpr size_t buffer_size = 128 * 1024;  // as large as the library's
  const auto socket = plain_socket::connected(port);
  const std::array<uint8_t, 1> bare{0};
  arrivals pushes(count);
  std::vector<uint8_t> buffer(buffer_size);
  socket.send_all(bare);
  size_t filled = 0;
  for (size_t found = 0; found < count;) {
    const size_t size = socket.receive(std::span(buffer).subspan(filled));
    if (size == 0) throw std::runtime_error("the stream of pushes ended early");
    filled += size;
    size_t at = 0;
    constexpr size_t header = wire::min_packet_size;
    while (filled - at >= header) {
      const size_t body = wire::load_be24(&buffer[at + header - 3]);
      if (filled - at < header + body) break;
      pushes.arrived(body);
      at += header + body;
      ++found;
    }
    std::memmove(buffer.data(), buffer.data() + at, filled - at);
    filled -= at;
  }
  return pushes.per_second();
}

}  // namespace

figures measure_pushes(const effort& e) {
  const size_t count = e.of<size_t>(3'000'000, 20'000);
  auto blaster = child::in_role("blaster", {std::to_string(count)});
  const auto port = static_cast<uint16_t>(std::stoul(blaster.answer("port")));
  comparison rates;
  for (int repetition = e.of(9, 2); repetition > 0; --repetition) {
    const double bare = bare_rate(port, count);
    rates.add(library_rate(address_of(port), count), bare);
  }
  return {rates.result("pushes of 100 bytes", "/s", {target::of::ratio_at_least, 0.5},
                       "to a C callback; baseline: a bare loop that reads the same bytes")};
}

figures measure_gateway_pushes(const effort& e) {
  const size_t count = e.of<size_t>(500'000, 5000);
  auto gateway = child::in_role("gateway");
  const std::string address = gateway.answer("address");
  std::vector<double> rates;
  for (int repetition = e.of(5, 1); repetition > 0; --repetition) {
    arrivals pushes(count);
    const ready_client client(address, {arrivals::on_push, nullptr, &pushes});
    gateway.order("push " + std::to_string(count));
    rates.push_back(pushes.per_second());
  }
  figure f{"pushes by lbw_gateway_push", "/s", median(rates), {}, {}, {}, "one thread calls, a client counts"};
  return {f};
}

}  // namespace lbwire::bench
