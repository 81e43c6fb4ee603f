#pragma once

namespace lbwire::link {

// One callback of the host with its user pointer.
template <class Function>
struct handler {
  Function call = nullptr;
  void* user = nullptr;
};

}  // namespace lbwire::link
