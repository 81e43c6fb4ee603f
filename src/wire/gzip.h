// Bodies with the gzip bit: one gzip member (RFC 1952), header and checksum verified, nothing after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lbwire::wire {

enum class inflate_status : uint8_t {
  ok,
  corrupt,    // not gzip, damaged, cut short, or followed by other bytes
  too_large,  // would inflate to more than allowed
};

// Replaces `out` with the inflated bytes. `out` grows with what was really inflated, whatever the input
// claims, and never beyond max_size bytes. On an error it is left empty.
inflate_status inflate(std::span<const uint8_t> in, std::vector<uint8_t>& out, size_t max_size);

// Replaces `out` with `in` compressed.
void deflate(std::span<const uint8_t> in, std::vector<uint8_t>& out);

const char* describe(inflate_status status) noexcept;

}  // namespace lbwire::wire
