// How events reach the host.
#pragma once

#include <cstddef>
#include <cstdint>

#include "host/event_queue.h"

namespace lbwire::host {

struct delivery_options {
  bool by_queue = false;  // else by callback
  overflow_policy overflow = overflow_policy::block;
  size_t max_queue_bytes = size_t{8} << 20;
};

}  // namespace lbwire::host
