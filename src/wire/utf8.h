// UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing above U+10FFFF.
#pragma once

#include <string>
#include <string_view>

namespace lbwire::wire {

bool is_utf8(std::string_view text) noexcept;

// A copy in which each byte that belongs to no well-formed sequence is U+FFFD.
std::string repair_utf8(std::string_view text);

}  // namespace lbwire::wire
