#include "wire/metadata.h"

#include <algorithm>

#include "wire/packet.h"

namespace lbwire::wire {

namespace {

constexpr size_t one_byte_lengths = 128;
constexpr uint8_t two_byte_mark = 0x80;

// ASCII alone: what locale the host runs in must not change what goes over the wire.
constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_key(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

size_t string_size(std::string_view text) noexcept {
  return text.size() + (text.size() < one_byte_lengths ? 1u : 2u);
}

uint8_t* write_length(size_t length, uint8_t* at) noexcept {
  if (length >= one_byte_lengths) *at++ = static_cast<uint8_t>(two_byte_mark | (length >> 8));
  *at++ = static_cast<uint8_t>(length);
  return at;
}

}  // namespace

bool metadata_reader::next_string(std::string_view& out) noexcept {
  const size_t left = run_.size() - at_;
  const uint8_t* const begin = run_.data() + at_;
  size_t prefix = 1;
  size_t length = begin[0];
  if ((begin[0] & two_byte_mark) != 0) {
    if (left < 2) {
      result_ = {metadata_status::truncated, at_};
      return false;
    }
    prefix = 2;
    length = (size_t{begin[0]} & 0x7fu) << 8 | begin[1];
    if (length < one_byte_lengths) {
      result_ = {metadata_status::overlong, at_};
      return false;
    }
  }
  if (length > left - prefix) {
    result_ = {metadata_status::truncated, at_};
    return false;
  }
  out = {reinterpret_cast<const char*>(begin + prefix), length};
  at_ += prefix + length;
  return true;
}

bool metadata_reader::next(metadata_entry& out) noexcept {
  if (result_.status != metadata_status::ok || at_ == run_.size()) return false;
  metadata_entry entry;
  if (!next_string(entry.key)) return false;
  if (at_ == run_.size()) {
    result_ = {metadata_status::no_value, at_};
    return false;
  }
  if (!next_string(entry.value)) return false;
  out = entry;
  return true;
}

metadata_result validate_metadata(std::span<const uint8_t> run) noexcept {
  metadata_reader reader(run);
  for (metadata_entry entry; reader.next(entry);) {
  }
  return reader.result();
}

std::optional<std::string_view> find_metadata(std::span<const uint8_t> run, std::string_view key) noexcept {
  std::optional<std::string_view> found;
  metadata_reader reader(run);
  for (metadata_entry entry; reader.next(entry);) {
    if (same_key(entry.key, key)) found = entry.value;
  }
  return reader.result().status == metadata_status::ok ? found : std::nullopt;
}

std::optional<size_t> metadata_encoded_size(std::span<const metadata_entry> entries) noexcept {
  size_t size = 0;
  for (const metadata_entry& entry : entries) {
    if (entry.key.size() > max_metadata_string || entry.value.size() > max_metadata_string) return std::nullopt;
    size += string_size(entry.key) + string_size(entry.value);
  }
  return size <= max_metadata_size ? std::optional(size) : std::nullopt;
}

std::optional<size_t> encode_metadata(std::span<const metadata_entry> entries, std::span<uint8_t> out) noexcept {
  const std::optional<size_t> size = metadata_encoded_size(entries);
  if (!size || *size > out.size()) return std::nullopt;
  uint8_t* at = out.data();
  for (const metadata_entry& entry : entries) {
    at = write_length(entry.key.size(), at);
    at = std::transform(entry.key.begin(), entry.key.end(), at, [](char c) { return static_cast<uint8_t>(lower(c)); });
    at = write_length(entry.value.size(), at);
    at = std::copy(entry.value.begin(), entry.value.end(), at);
  }
  return size;
}

const char* describe(metadata_status status) noexcept {
  switch (status) {
    case metadata_status::ok: return "ok";
    case metadata_status::truncated: return "metadata string runs past the end";
    case metadata_status::overlong: return "metadata length below 128 takes two bytes";
    case metadata_status::no_value: return "metadata key has no value";
  }
  return "unknown metadata status";
}

}  // namespace lbwire::wire
