// One connection's packets: bytes in, packets out; packets in, bytes out. What client and server sessions share below
// their rules: incremental decoding, inflation within a limit, request ids, encoding, counters.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "session/event.h"
#include "session/heartbeat_monitor.h"
#include "session/send_buffer.h"
#include "wire/control.h"
#include "wire/handshake.h"
#include "wire/packet.h"
#include "wire/stream_decoder.h"

namespace lbwire::session {

struct channel_limits {
  size_t max_packet_bytes = wire::max_packet_size;  // of a received packet, on the wire
  size_t max_inflated_bytes = size_t{64} << 20;     // of a received body
  size_t max_send_queue_bytes = size_t{32} << 20;   // waiting to be sent; one packet of any size always fits
};

struct channel_counters {
  uint64_t bytes_sent = 0, bytes_received = 0;
  uint64_t packets_sent = 0, packets_received = 0;
};

class packet_channel {
 public:
  enum class received { packet, nothing, malformed };

  explicit packet_channel(const channel_limits& limits)
      : limits_(limits),
        decoder_(wire::version::v1),
        packet_limit_(limits.max_packet_bytes),
        inflate_limit_(limits.max_inflated_bytes) {}

  // A new connection: what was received or waited to be sent is forgotten; the counters go on.
  void reset(const wire::handshake& handshake);

  // ---- in ----

  // Lends received bytes to next(), which takes them all, one packet at a time.
  void feed(bytes in) {
    counters_.bytes_received += in.size();
    progress_ += in.size();
    decoder_.feed(in);
  }
  // The next packet, its body inflated into the batch if it was compressed. After `malformed`, problem() says what
  // was wrong, and nothing more can be read.
  received next(wire::packet& out, event_batch& batch);
  // Gives back what memory the last packets took. Call it when they were dealt with.
  void release() { decoder_.release(); }
  // The bytes that were fed and not taken, for a driver that must stop in the middle: it feeds them again later.
  bytes take_back() {
    const bytes rest = decoder_.take_back();
    counters_.bytes_received -= rest.size();
    progress_ -= std::min(progress_, rest.size());
    return rest;
  }
  // Counts received bytes that are no packet's: the handshake.
  void count_received(size_t count) { counters_.bytes_received += count; }
  const std::string& problem() const { return problem_; }

  // Whether anything that counts as a sign of life came since the last call: a packet, or a large part of one.
  bool take_progress();

  // ---- out ----

  // True if a body of this size may be queued now.
  bool has_room(size_t body_size) const {
    return output_.empty() || output_.size() + body_size + wire::header_size(wire::packet_type::request, version()) <=
                                  limits_.max_send_queue_bytes;
  }
  // Echoes and answers are not refused for want of room; past this the peer is not read until it takes them.
  bool overfull() const { return output_.size() > limits_.max_send_queue_bytes; }

  void send_push(uint8_t cmd, bytes body);
  void send_request(uint8_t cmd, uint32_t request_id, uint16_t timeout_ms, bytes body);
  void send_response(uint8_t cmd, uint32_t request_id, uint8_t status, bytes body);
  void send_raw(bytes raw);

  template <class Message>
  std::vector<uint8_t> encode(const Message& message) const {
    std::vector<uint8_t> body;
    wire::encode(handshake_.codec, message, body);
    return body;
  }
  template <class Message>
  bool decode(bytes body, Message& out) const {
    return wire::decode(handshake_.codec, body, out);
  }

  // Bodies of at least this many bytes are sent compressed if that makes them smaller. 0: none.
  void compress_from(size_t min_bytes) { compress_from_ = min_bytes; }

  // The next request id of ours: from 1, after 4294967295 from 1 again. The caller skips those still in flight.
  uint32_t next_request_id() {
    if (++last_request_id_ == 0) last_request_id_ = 1;
    return last_request_id_;
  }
  // Whether we have sent a request by this id on this connection (or one that it wrapped around).
  bool was_used(uint32_t id) const { return id != 0 && id <= last_request_id_; }
  void set_last_request_id(uint32_t id) { last_request_id_ = id; }  // tests of the wrap

  send_buffer& output() { return output_; }
  const send_buffer& output() const { return output_; }
  void sent(size_t count) {
    output_.consume(count);
    counters_.bytes_sent += count;
  }

  wire::version version() const { return handshake_.version; }
  wire::body_codec codec() const { return handshake_.codec; }
  const channel_counters& counters() const { return counters_; }
  const channel_limits& limits() const { return limits_; }
  // From the next packet on; the limits that the channel was made with are the most.
  void limit_packets(size_t max_packet_bytes, size_t max_inflated_bytes) {
    packet_limit_ = std::min(max_packet_bytes, limits_.max_packet_bytes);
    inflate_limit_ = std::min(max_inflated_bytes, limits_.max_inflated_bytes);
    decoder_.set_limit(packet_limit_);
  }

 private:
  static constexpr size_t progress_bytes = 4096;

  void send(const wire::packet& p);
  void send_compressed(wire::packet p);
  void append(const wire::packet& p);
  received malformed(std::string problem);
  received unpack(wire::packet& p, event_batch& batch);

  channel_limits limits_;
  wire::handshake handshake_;
  wire::stream_decoder decoder_;
  send_buffer output_;
  channel_counters counters_;
  std::string problem_;
  size_t packet_limit_, inflate_limit_;
  size_t progress_ = 0;
  uint64_t progress_packets_ = 0;
  size_t compress_from_ = 0;
  uint32_t last_request_id_ = 0;
};

// "within 10000 ms"
std::string within(milliseconds limit);

}  // namespace lbwire::session
