#include "client/loop_pool.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace lbwire::client {

namespace {

struct pool {
  std::mutex mutex;
  std::vector<std::weak_ptr<link::loop>> loops;
};

// Never destroyed: clients may outlive the static objects of a process that is on its way out.
pool& the_pool() {
  static pool* const shared = new pool;
  return *shared;
}

}  // namespace

std::shared_ptr<link::loop> shared_loop(unsigned threads) {
  pool& shared = the_pool();
  const std::lock_guard held(shared.mutex);
  if (shared.loops.size() < threads) shared.loops.resize(threads);
  const auto end = shared.loops.begin() + threads;
  const auto least = std::min_element(shared.loops.begin(), end,
                                      [](const auto& a, const auto& b) { return a.use_count() < b.use_count(); });
  if (auto loop = least->lock()) return loop;
  auto loop = std::make_shared<link::loop>("lbwire-" + std::to_string(least - shared.loops.begin()));
  *least = loop;
  return loop;
}

}  // namespace lbwire::client
