#include "memory_use.h"

#include <malloc.h>

#include <fstream>
#include <stdexcept>

namespace lbwire::bench {

namespace {

size_t anonymous_bytes() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string word; rollup >> word;) {
    size_t kib = 0;
    if (word == "Anonymous:" && rollup >> kib) return kib * 1024;
  }
  throw std::runtime_error("/proc/self/smaps_rollup does not tell the anonymous memory");
}

}  // namespace

std::string memory_use() {
  const struct mallinfo2 heap = ::mallinfo2();
  return std::to_string(anonymous_bytes()) + " " + std::to_string(heap.uordblks + heap.hblkhd);
}

}  // namespace lbwire::bench
