// A connected byte stream, without blocking: reads and writes do what can be done now, and whoever wants more waits
// until the stream is ready. One thread at a time; its owner holds a lock.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace lbwire::transport {

struct io_result {
  enum class status : uint8_t { ok, would_block, closed, failed };
  status what = status::ok;
  size_t size = 0;
  std::string problem;  // closed and failed: for people
};

// Told, on the loop's thread, that a stream is ready. `tag` is the waiter's own, to know an old stream's news from the
// present one's.
class io_observer {
 public:
  virtual ~io_observer() = default;
  virtual void readable(uint64_t tag) = 0;
  virtual void writable(uint64_t tag) = 0;
};

class stream {
 public:
  virtual ~stream() = default;

  virtual io_result read_some(std::span<uint8_t> into) = 0;
  virtual io_result write_some(std::span<const uint8_t> from) = 0;

  // At most one wait of each kind at a time. The observer lives until it was told, or the stream was closed.
  virtual void wait_readable(std::shared_ptr<io_observer> observer, uint64_t tag) = 0;
  virtual void wait_writable(std::shared_ptr<io_observer> observer, uint64_t tag) = 0;

  // No more will be written; the peer sees the end after what was.
  virtual void shutdown_send() = 0;
  virtual void close() = 0;

  // "127.0.0.1:2020"
  virtual std::string peer() const = 0;
};

}  // namespace lbwire::transport
