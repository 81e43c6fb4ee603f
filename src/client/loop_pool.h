// The event loops that the clients of this process share.
#pragma once

#include <memory>

#include "link/loop.h"

namespace lbwire::client {

// The loop with the fewest clients among the first `threads`, started if it is not there yet. A loop ends with its last
// client.
std::shared_ptr<link::loop> shared_loop(unsigned threads);

}  // namespace lbwire::client
