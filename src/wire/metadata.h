// Version 2 metadata: a run of key, value, key, value, each a length and that many bytes. A length below 128
// takes one byte; up to 32767, two, the first with its top bit set. Keys compare without regard to (ASCII)
// case, and of equal keys the last counts.
//
// Empty strings are read and written as length 0. Nothing forbids them, but a peer may refuse them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lbwire::wire {

inline constexpr size_t max_metadata_string = 32767;

struct metadata_entry {
  std::string_view key;
  std::string_view value;
};

enum class metadata_status : uint8_t {
  ok,
  truncated,  // a length or a string runs past the end
  overlong,   // a two-byte length below 128
  no_value,   // the run ends after a key
};

struct metadata_result {
  metadata_status status = metadata_status::ok;
  size_t offset = 0;  // on an error: where in the run the offending string begins
};

// Walks a raw run; the entries are views into it, with keys as they are on the wire.
//
//   metadata_reader reader(p.metadata);
//   for (metadata_entry e; reader.next(e);) use(e);
//   if (reader.result().status != metadata_status::ok) the run was malformed
class metadata_reader {
 public:
  explicit metadata_reader(std::span<const uint8_t> run) noexcept : run_(run) {}

  // False at the end of the run, and at the first error, which result() tells apart.
  bool next(metadata_entry& out) noexcept;
  metadata_result result() const noexcept { return result_; }

 private:
  bool next_string(std::string_view& out) noexcept;

  std::span<const uint8_t> run_;
  size_t at_ = 0;
  metadata_result result_;
};

metadata_result validate_metadata(std::span<const uint8_t> run) noexcept;

// The value of `key`, a view into the run; nothing if there is none or the run is malformed.
std::optional<std::string_view> find_metadata(std::span<const uint8_t> run, std::string_view key) noexcept;

// The bytes that the entries take; nothing if a string is longer than 32767 bytes or the run longer than
// 65535.
std::optional<size_t> metadata_encoded_size(std::span<const metadata_entry> entries) noexcept;

// Writes the entries in their order, keys in lower case, to the front of `out`, and returns the bytes
// written; nothing if they cannot be encoded or do not fit.
std::optional<size_t> encode_metadata(std::span<const metadata_entry> entries, std::span<uint8_t> out) noexcept;

const char* describe(metadata_status status) noexcept;

}  // namespace lbwire::wire
