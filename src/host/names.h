// The numbers of the public header as text. Static; "unknown" and the like for numbers that have no name.
#pragma once

#include <cstdint>

namespace lbwire::host {

const char* status_name(int32_t status) noexcept;
const char* state_name(int32_t state) noexcept;
const char* cause_name(int32_t cause) noexcept;
const char* close_name(int32_t code) noexcept;
const char* response_name(int32_t status) noexcept;

}  // namespace lbwire::host
