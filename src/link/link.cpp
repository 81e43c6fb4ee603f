#include "link/link.h"

#include <chrono>

namespace lbwire::link {

thread_local const void* handing_out = nullptr;

session::instant now() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::steady_clock::now(), std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()};
}

}  // namespace lbwire::link
