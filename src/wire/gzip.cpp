#include "wire/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>

namespace lbwire::wire {

namespace {

constexpr int gzip_window_bits = 15 + 16;  // the largest window; 16 asks zlib for gzip's header and trailer
constexpr size_t first_room = 512;

class inflate_stream {
 public:
  explicit inflate_stream(std::span<const uint8_t> in) {
    z_.next_in = const_cast<Bytef*>(in.data());  // zlib only reads it
    z_.avail_in = static_cast<uInt>(in.size());
    if (inflateInit2(&z_, gzip_window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~inflate_stream() { inflateEnd(&z_); }
  inflate_stream(const inflate_stream&) = delete;
  inflate_stream& operator=(const inflate_stream&) = delete;

  // Fills `room`, or less at the end of the stream, and returns zlib's verdict.
  int read(std::span<uint8_t> room, size_t& count) {
    z_.next_out = room.data();
    z_.avail_out = static_cast<uInt>(room.size());
    const int verdict = ::inflate(&z_, Z_NO_FLUSH);
    if (verdict == Z_MEM_ERROR) throw std::bad_alloc();
    count = room.size() - z_.avail_out;
    return verdict;
  }

  bool at_end_of_input() const { return z_.avail_in == 0; }

 private:
  z_stream z_{};
};

inflate_status inflate_into(inflate_stream& stream, std::vector<uint8_t>& out, size_t max_size) {
  size_t size = 0;
  for (;;) {
    // At the limit one byte more is tried on the side: the stream may end just there.
    uint8_t beyond = 0;
    const bool full = size == max_size;
    if (!full && size == out.size()) {
      const size_t room = std::min(max_size, std::max(first_room, 2 * size));
      out.reserve(room);  // resize() alone may take more than it is asked for
      out.resize(room);
    }
    const size_t chunk = std::min<size_t>(out.size() - size, std::numeric_limits<uInt>::max());
    size_t count = 0;
    const int verdict = stream.read(full ? std::span(&beyond, 1) : std::span(out).subspan(size, chunk), count);
    if (full && count > 0) return inflate_status::too_large;
    size += count;
    if (verdict == Z_STREAM_END) break;
    // Z_BUF_ERROR means that nothing moved, though there was room: the input is cut short.
    if (verdict != Z_OK || (count == 0 && stream.at_end_of_input())) return inflate_status::corrupt;
  }
  out.resize(size);
  return stream.at_end_of_input() ? inflate_status::ok : inflate_status::corrupt;
}

}  // namespace

inflate_status inflate(std::span<const uint8_t> in, std::vector<uint8_t>& out, size_t max_size) {
  out.clear();
  if (in.empty() || in.size() > std::numeric_limits<uInt>::max()) return inflate_status::corrupt;
  inflate_stream stream(in);
  const inflate_status status = inflate_into(stream, out, max_size);
  if (status != inflate_status::ok) out.clear();
  return status;
}

void deflate(std::span<const uint8_t> in, std::vector<uint8_t>& out) {
  if (in.size() > std::numeric_limits<uInt>::max()) throw std::length_error("body is too large to compress");
  z_stream z{};
  constexpr int default_memory_level = 8;
  if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, default_memory_level, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  struct closer {
    z_stream* stream;
    ~closer() { deflateEnd(stream); }
  } close_at_exit{&z};

  // deflateBound() is enough for a stream that is written in one call.
  out.resize(deflateBound(&z, static_cast<uLong>(in.size())));
  z.next_in = const_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  if (::deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("compression did not finish");
  out.resize(out.size() - z.avail_out);
}

const char* describe(inflate_status status) noexcept {
  switch (status) {
    case inflate_status::ok: return "ok";
    case inflate_status::corrupt: return "body is not valid gzip";
    case inflate_status::too_large: return "body inflates to more than allowed";
  }
  return "unknown inflate status";
}

}  // namespace lbwire::wire
