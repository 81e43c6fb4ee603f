// Replaces the global operator new, on top of malloc so that a sanitizer still sees each block.
#include "allocation_counter.h"

#include <cstdlib>
#include <new>

namespace {
thread_local size_t count = 0;
thread_local size_t total = 0;
}  // namespace

size_t allocation_count() noexcept {
  return count;
}
size_t allocated_bytes() noexcept {
  return total;
}

void* operator new(size_t size) {
  ++count;
  total += size;
  if (void* const block = std::malloc(size == 0 ? 1 : size)) return block;
  throw std::bad_alloc();
}

void* operator new[](size_t size) {
  return operator new(size);
}

void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete[](void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, size_t) noexcept {
  std::free(block);
}
void operator delete[](void* block, size_t) noexcept {
  std::free(block);
}
