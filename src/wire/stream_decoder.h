// Packets out of a byte stream, whatever pieces it arrives in.
//
// Bytes are lent, not copied: a packet that lies whole within what was fed is a view into the caller's bytes.
// Only a packet that straddles two feeds is assembled in a buffer of the decoder, which grows as bytes arrive
// and never by what a header claims, so a peer cannot make us take 16 MiB with 11 bytes. Once such a packet
// was consumed its buffer goes, or is kept for the next one if small.
//
//   decoder.feed(received);
//   while (decoder.next(p) == decode_status::ok) handle(p);
//   decoder.release();
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wire/packet.h"

namespace lbwire::wire {

class stream_decoder {
 public:
  // `limit` is the largest packet, header and signature included, that will be taken.
  explicit stream_decoder(version v = version::v1, size_t limit = max_packet_size);
  stream_decoder(stream_decoder&&) = default;
  stream_decoder& operator=(stream_decoder&&) = default;

  // Lends bytes, which must stay where they are until next() has taken them all; all bytes of the feed before
  // must have been taken. An assembled packet from that feed is no longer valid.
  void feed(std::span<const uint8_t> in);

  // The next packet; incomplete once every lent byte was taken; or an error, which lasts until reset() and
  // drops the rest of the feed, for nobody can tell where the next packet would begin. A packet that points
  // into the caller's bytes is valid as long as those are; an assembled one until feed(), release() or
  // reset(). So all packets of one feed may be collected before any is used.
  decode_status next(packet& out);

  // Gives back the lent bytes that next() has not taken, for a caller that must stop in the middle and feed
  // them again later.
  std::span<const uint8_t> take_back() { return std::exchange(in_, {}); }

  // Gives back what memory can be given back now. Call it when the packets of a feed were dealt with, so that
  // a stream that falls silent holds none.
  void release();

  // Starts a new stream: what was lent, assembled or failed is forgotten.
  void reset(version v);

  // Changes the largest packet that will be taken. A packet that is half there is judged by the new limit.
  void set_limit(size_t limit) noexcept { limit_ = static_cast<uint32_t>(std::min(limit, max_packet_size)); }

  // Bytes lent and not yet taken.
  size_t unread() const noexcept { return in_.size(); }
  // Whether part of a packet is waiting for the rest.
  bool mid_packet() const noexcept { return !partial_.empty(); }
  // The stream offset at which the next packet begins.
  uint64_t position() const noexcept { return position_; }
  // The stream offset at which decoding failed, if it did.
  uint64_t error_offset() const noexcept { return error_offset_; }
  version protocol_version() const noexcept { return version_; }
  size_t buffered_capacity() const noexcept { return partial_.capacity() + assembled_.capacity(); }

 private:
  decode_status next_straddling(packet& out);
  void take(size_t count, size_t needed);
  decode_status fail(const decode_result& result);

  std::span<const uint8_t> in_;
  std::vector<uint8_t> partial_;    // the front of a packet whose rest has not arrived
  std::vector<uint8_t> assembled_;  // the packet that straddled into this feed: at most one can
  uint64_t position_ = 0;
  uint64_t error_offset_ = 0;
  uint32_t limit_ = 0;
  version version_;
  decode_status failure_ = decode_status::ok;
};

}  // namespace lbwire::wire
