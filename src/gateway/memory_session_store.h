#pragma once

#include <map>
#include <mutex>
#include <unordered_map>

#include "gateway/session_store.h"

namespace lbwire::gateway {

// Sessions of this process alone, at most so many: past that the one that expires first goes.
class memory_session_store final : public session_store {
 public:
  explicit memory_session_store(size_t max_sessions) : max_sessions_(max_sessions) {}

  void put(stored_session session, session::time_point now) override;
  std::optional<stored_session> take(std::string_view id, session::time_point now) override;
  size_t size() const override;

 private:
  using by_expiry = std::multimap<session::time_point, stored_session>;
  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void erase(by_expiry::iterator at);
  void forget_expired(session::time_point now);

  const size_t max_sessions_;
  mutable std::mutex mutex_;
  by_expiry sessions_;
  // The ids are views into sessions_.
  std::unordered_map<std::string_view, by_expiry::iterator, text_hash> by_id_;
};

}  // namespace lbwire::gateway
