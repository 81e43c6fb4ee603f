// What a peer sent, made fit for a terminal: its text must not move the cursor or change a colour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lbwire::cli {

// Well-formed UTF-8 without control characters.
bool is_printable(std::string_view bytes);

// The longest beginning of at most `limit` bytes that ends between characters.
std::string_view cut(std::string_view text, size_t limit);

// The text between quotes if all of it is printable, else hex. Of more than `limit` bytes the beginning, and
// how many there are.
std::string show_bytes(std::string_view bytes, size_t limit = 64);

// The text with each byte that is not printable as \xNN.
std::string escape(std::string_view text);

// "850 µs", "1.24 ms", "2.5 s"
std::string show_duration_us(uint64_t us);

// Unix time in milliseconds, as local date and time; "15:04:05.123" in the second form.
std::string show_date(int64_t unix_ms);
std::string show_clock(int64_t unix_ms);

}  // namespace lbwire::cli
