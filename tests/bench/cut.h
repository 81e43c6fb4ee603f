// Cuts every TCP connection of this process, behind the back of whoever uses it.
#pragma once

namespace lbwire::bench {

void cut_connections();

}  // namespace lbwire::bench
