// Pushes of 100 bytes to encode and decode, as many as stay in the nearest cache.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sizes.h"
#include "wire/packet.h"

namespace lbwire::bench {

class sample_packets {
 public:
  static constexpr size_t count = 64;

  sample_packets() {
    for (size_t i = 0; i < count; ++i) {
      bodies_[i].fill(static_cast<uint8_t>(i));
      packets_[i].cmd = static_cast<uint8_t>(business_cmd + i);
      packets_[i].body = bodies_[i];
      wire::encode(packets_[i], wire::version::v1, wire_[i]);
    }
  }
  sample_packets(const sample_packets&) = delete;
  sample_packets& operator=(const sample_packets&) = delete;

  const wire::packet& packet(size_t i) const { return packets_[i % count]; }
  const std::array<uint8_t, push_size>& wire_bytes(size_t i) const { return wire_[i % count]; }

  // What encoding and decoding are compared with. The length is as unknown to the compiler as it is to them.
  void copy(size_t i, void* to) const { std::memcpy(to, wire_bytes(i).data(), size_); }

 private:
  std::array<std::array<uint8_t, body_size>, count> bodies_;
  std::array<wire::packet, count> packets_;
  std::array<std::array<uint8_t, push_size>, count> wire_;
  const volatile size_t size_ = push_size;
};

}  // namespace lbwire::bench
