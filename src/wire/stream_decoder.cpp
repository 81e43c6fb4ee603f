#include "wire/stream_decoder.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace lbwire::wire {

static_assert(sizeof(stream_decoder) <= 96);

namespace {

// A buffer up to this size is kept from one feed to the next, so that small packets that straddle feed after
// feed cost no allocation each.
constexpr size_t kept_capacity = 1024;

constexpr size_t first_capacity = 256;

void give_back(std::vector<uint8_t>& buffer) {
  std::vector<uint8_t>().swap(buffer);
}

}  // namespace

stream_decoder::stream_decoder(version v, size_t limit) : version_(v) {
  set_limit(limit);
}

void stream_decoder::feed(std::span<const uint8_t> in) {
  assert(in_.empty());
  if (assembled_.capacity() > kept_capacity) {
    give_back(assembled_);
  } else {
    assembled_.clear();
  }
  if (failure_ == decode_status::ok) in_ = in;
}

decode_status stream_decoder::next(packet& out) {
  if (failure_ != decode_status::ok) return failure_;
  if (!partial_.empty()) return next_straddling(out);
  if (in_.empty()) return decode_status::incomplete;

  const decode_result result = decode(in_, version_, limit_, out);
  switch (result.status) {
    case decode_status::ok:
      in_ = in_.subspan(result.size);
      position_ += result.size;
      return decode_status::ok;
    case decode_status::incomplete: take(in_.size(), result.size); return decode_status::incomplete;
    default: return fail(result);
  }
}

decode_status stream_decoder::next_straddling(packet& out) {
  for (;;) {
    const decode_result result = decode(partial_, version_, limit_, out);
    switch (result.status) {
      case decode_status::ok:
        // A packet assembled from this feed leaves no bytes of an earlier feed behind, so a second one cannot
        // follow before the next feed, which empties assembled_: the swap puts an empty buffer in place of
        // partial_.
        position_ += result.size;
        partial_.swap(assembled_);
        return decode_status::ok;
      case decode_status::incomplete:
        if (in_.empty()) return decode_status::incomplete;
        take(std::min(in_.size(), result.size - partial_.size()), result.size);
        break;
      default: return fail(result);
    }
  }
}

// Moves `count` lent bytes to the packet being assembled. Room for at most twice the bytes that have really
// arrived is taken; `needed`, which the peer claims, only keeps that from overshooting the end of the packet.
void stream_decoder::take(size_t count, size_t needed) {
  const size_t arrived = partial_.size() + count;
  if (arrived > partial_.capacity()) {
    const size_t grown = std::max(first_capacity, 2 * arrived);
    partial_.reserve(std::max(arrived, std::min(grown, std::max(first_capacity, needed))));
  }
  partial_.insert(partial_.end(), in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(count));
  in_ = in_.subspan(count);
}

decode_status stream_decoder::fail(const decode_result& result) {
  failure_ = result.status;
  error_offset_ = position_ + result.offset;
  in_ = {};
  give_back(partial_);
  return failure_;
}

void stream_decoder::release() {
  give_back(assembled_);
  if (partial_.empty()) give_back(partial_);
}

void stream_decoder::reset(version v) {
  in_ = {};
  give_back(partial_);
  give_back(assembled_);
  position_ = 0;
  error_offset_ = 0;
  version_ = v;
  failure_ = decode_status::ok;
}

}  // namespace lbwire::wire
