// lbwire demo: a gateway and its clients in one process over loopback, a story told in numbered steps, each
// of which is checked.
#pragma once

namespace lbwire::cli {

struct demo_options {
  bool json = false;
};

// Returns the exit code: 0 only if every step happened as it should.
int run_demo(const demo_options& options);

}  // namespace lbwire::cli
