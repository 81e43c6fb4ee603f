#pragma once

#include <cstddef>

// How often, and for how many bytes, this thread has called operator new so far.
size_t allocation_count() noexcept;
size_t allocated_bytes() noexcept;
