// The same through lbw_packet_encode and lbw_packet_decode of the shared library.
#include <lbwire/lbwire.h>

#include <array>

#include "keep.h"
#include "library.h"
#include "sample_packets.h"
#include "statistics.h"
#include "suite.h"
#include "timed_loop.h"

namespace lbwire::bench {

figures measure_codec_abi(const effort& e) {
  const sample_packets samples;
  std::array<uint8_t, 256> out{};
  size_t size = 0;
  lbw_packet packet{};
  packet.size = sizeof packet;
  lbw_status status = LBW_OK;
  const auto copy = [&](size_t i) {
    samples.copy(i, out.data());
    keep(out.data());
  };
  const auto encode = [&](size_t i) {
    packet.type = LBW_PACKET_PUSH;
    packet.cmd = samples.packet(i).cmd;
    packet.body = samples.packet(i).body.data();
    packet.body_len = body_size;
    status |= lbw_packet_encode(1, &packet, out.data(), out.size(), &size);
    keep(out.data());
  };
  const auto decode = [&](size_t i) {
    const auto& bytes = samples.wire_bytes(i);
    status |= lbw_packet_decode(1, bytes.data(), bytes.size(), &packet, &size);
    keep(&packet);
  };

  // Short enough that most repetitions run without an interruption.
  const size_t steps = e.of<size_t>(200'000, 20'000);
  comparison encoding, decoding;
  for (int repetition = e.of(101, 3); repetition > 0; --repetition) {
    const double copied = ns_per_step(steps, copy);
    encoding.add(ns_per_step(steps, encode), copied);
    decoding.add(ns_per_step(steps, decode), copied);
  }
  check(status, "lbw_packet_encode or lbw_packet_decode");
  return {encoding.result("lbw_packet_encode", "ns"), decoding.result("lbw_packet_decode", "ns")};
}

}  // namespace lbwire::bench
