// Makes the compiler believe that everything `address` points to is looked at here.
#pragma once

namespace lbwire::bench {

inline void keep(const void* address) {
  asm volatile("" : : "g"(address) : "memory");
}

}  // namespace lbwire::bench
