// All that the gateway and the clients of the demo were told, in the order in which it happened. Callbacks
// write on the library's threads; the story waits for an entry on its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "json.h"

namespace lbwire::cli {

class journal {
 public:
  using clock = std::chrono::steady_clock;

  struct entry {
    std::string who;
    json event;
    clock::time_point at;
    size_t number = 0;
  };

  void add(const std::string& who, json event);

  // The number that the next entry gets.
  size_t mark() const;

  // The first entry from number `since` on, by `who`, that has every key of `pattern` with the same value.
  // Nothing if none comes until the deadline.
  std::optional<entry> await(const std::string& who, const json& pattern, size_t since,
                             clock::time_point deadline) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::deque<entry> entries_;
};

}  // namespace lbwire::cli
