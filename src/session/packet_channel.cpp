#include "session/packet_channel.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "wire/gzip.h"
#include "wire/metadata.h"

namespace lbwire::session {

void packet_channel::reset(const wire::handshake& handshake) {
  handshake_ = handshake;
  decoder_.reset(handshake.version);
  decoder_.set_limit(packet_limit_);
  output_.clear();
  problem_.clear();
  progress_ = 0;
  progress_packets_ = counters_.packets_received;
  last_request_id_ = 0;
}

packet_channel::received packet_channel::next(wire::packet& out, event_batch& batch) {
  switch (const wire::decode_status status = decoder_.next(out)) {
    case wire::decode_status::ok:
      ++counters_.packets_received;
      if (out.gzip || !out.metadata.empty()) [[unlikely]]
        return unpack(out, batch);
      return received::packet;
    case wire::decode_status::incomplete: return received::nothing;
    default:
      return malformed(std::string(wire::describe(status)) + " at byte " + std::to_string(decoder_.error_offset()));
  }
}

packet_channel::received packet_channel::unpack(wire::packet& p, event_batch& batch) {
  if (const auto metadata = wire::validate_metadata(p.metadata); metadata.status != wire::metadata_status::ok) {
    return malformed(std::string("metadata of command ") + std::to_string(p.cmd) + ": " +
                     wire::describe(metadata.status));
  }
  if (p.gzip) {
    std::vector<uint8_t> inflated;
    // A heartbeat's body goes back as it is, so it has to fit into a packet that is not compressed.
    const size_t most = wire::is_control(p.cmd) ? std::min(inflate_limit_, wire::max_body_size) : inflate_limit_;
    const auto status = wire::inflate(p.body, inflated, most);
    if (status != wire::inflate_status::ok) {
      return malformed(std::string("compressed body of command ") + std::to_string(p.cmd) + ": " +
                       wire::describe(status));
    }
    p.body = batch.keep(std::move(inflated));
    p.gzip = false;
  }
  return received::packet;
}

packet_channel::received packet_channel::malformed(std::string problem) {
  problem_ = std::move(problem);
  return received::malformed;
}

bool packet_channel::take_progress() {
  if (counters_.packets_received == progress_packets_ && progress_ < progress_bytes) return false;
  progress_packets_ = counters_.packets_received;
  progress_ = 0;
  return true;
}

void packet_channel::send(const wire::packet& p) {
  if (compress_from_ != 0 && p.body.size() >= compress_from_ && !wire::is_control(p.cmd)) [[unlikely]]
    send_compressed(p);
  else
    append(p);
}

void packet_channel::send_compressed(wire::packet p) {
  std::vector<uint8_t> compressed;
  wire::deflate(p.body, compressed);
  if (compressed.size() < p.body.size()) {
    p.body = compressed;
    p.gzip = true;
  }
  append(p);
}

void packet_channel::append(const wire::packet& p) {
  const size_t size = wire::encoded_size(p, version());
  const size_t written = wire::encode(p, version(), output_.prepare(size));
  assert(written == size);  // every caller bounds what it sends
  output_.commit(written);
  ++counters_.packets_sent;
}

void packet_channel::send_push(uint8_t cmd, bytes body) {
  wire::packet p;
  p.type = wire::packet_type::push;
  p.cmd = cmd;
  p.body = body;
  send(p);
}

void packet_channel::send_request(uint8_t cmd, uint32_t request_id, uint16_t timeout_ms, bytes body) {
  wire::packet p;
  p.type = wire::packet_type::request;
  p.cmd = cmd;
  p.request_id = request_id;
  p.timeout_ms = timeout_ms;
  p.body = body;
  send(p);
}

void packet_channel::send_response(uint8_t cmd, uint32_t request_id, uint8_t status, bytes body) {
  wire::packet p;
  p.type = wire::packet_type::response;
  p.cmd = cmd;
  p.request_id = request_id;
  p.status = status;
  p.body = body;
  send(p);
}

void packet_channel::send_raw(bytes raw) {
  const auto room = output_.prepare(raw.size());
  std::copy(raw.begin(), raw.end(), room.begin());
  output_.commit(raw.size());
}

std::string within(milliseconds limit) {
  return "within " + std::to_string(limit.count()) + " ms";
}

}  // namespace lbwire::session
