#include "demo/journal.h"

#include <utility>

namespace lbwire::cli {

namespace {

bool matches(const json& event, const json& pattern) {
  for (const auto& [key, value] : pattern.items()) {
    const auto found = event.find(key);
    if (found == event.end() || *found != value) return false;
  }
  return true;
}

}  // namespace

void journal::add(const std::string& who, json event) {
  {
    const std::lock_guard lock(mutex_);
    entries_.push_back({who, std::move(event), clock::now(), entries_.size()});
  }
  grown_.notify_all();
}

size_t journal::mark() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::optional<journal::entry> journal::await(const std::string& who, const json& pattern, size_t since,
                                             clock::time_point deadline) const {
  std::unique_lock lock(mutex_);
  size_t next = since;
  for (;;) {
    for (; next < entries_.size(); ++next) {
      if (entries_[next].who == who && matches(entries_[next].event, pattern)) return entries_[next];
    }
    const auto grown = [&] { return next < entries_.size(); };
    if (!grown_.wait_until(lock, deadline, grown)) return std::nullopt;
  }
}

}  // namespace lbwire::cli
