// Encoding and decoding a 100-byte push by the library's own codec, against memcpy of the same bytes.
#include <array>

#include "allocations.h"
#include "keep.h"
#include "sample_packets.h"
#include "statistics.h"
#include "suite.h"
#include "timed_loop.h"

namespace lbwire::bench {

figures measure_codec(const effort& e) {
  const sample_packets samples;
  std::array<uint8_t, 256> out{};
  wire::packet packet;
  const auto copy = [&](size_t i) {
    samples.copy(i, out.data());
    keep(out.data());
  };
  const auto encode = [&](size_t i) {
    wire::encode(samples.packet(i), wire::version::v1, out);
    keep(out.data());
  };
  const auto decode = [&](size_t i) {
    wire::decode(samples.wire_bytes(i), wire::version::v1, wire::max_packet_size, packet);
    keep(&packet);
  };

  // Short enough that most repetitions run without an interruption.
  const size_t steps = e.of<size_t>(200'000, 20'000);
  comparison encoding, decoding;
  uint64_t allocated = 0;
  for (int repetition = e.of(101, 3); repetition > 0; --repetition) {
    const double copied = ns_per_step(steps, copy);
    const uint64_t before = allocations();
    const double encoded = ns_per_step(steps, encode);
    const double decoded = ns_per_step(steps, decode);
    allocated += allocations() - before;
    encoding.add(encoded, copied);
    decoding.add(decoded, copied);
  }

  const target at_most_12_ns{target::of::measured_at_most, 12};
  return {encoding.result("encode", "ns", at_most_12_ns, "a push of 100 bytes; baseline: memcpy of the packet"),
          decoding.result("decode", "ns", at_most_12_ns, "likewise"),
          {"encode and decode, allocations",
           "",
           static_cast<double>(allocated),
           {},
           {},
           {target::of::measured_at_most, 0},
           "in all repetitions together"}};
}

}  // namespace lbwire::bench
