#include "gateway/memory_session_store.h"

#include <utility>

namespace lbwire::gateway {

void memory_session_store::put(stored_session session, session::time_point now) {
  const std::lock_guard held(mutex_);
  forget_expired(now);
  if (sessions_.size() >= max_sessions_) erase(sessions_.begin());
  const auto expires_at = session.expires_at;
  const auto at = sessions_.emplace(expires_at, std::move(session));
  by_id_.emplace(at->second.id, at);
}

std::optional<stored_session> memory_session_store::take(std::string_view id, session::time_point now) {
  const std::lock_guard held(mutex_);
  forget_expired(now);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  const auto at = found->second;
  by_id_.erase(found);
  stored_session taken = std::move(at->second);
  sessions_.erase(at);
  return taken;
}

size_t memory_session_store::size() const {
  const std::lock_guard held(mutex_);
  return sessions_.size();
}

void memory_session_store::erase(by_expiry::iterator at) {
  by_id_.erase(at->second.id);
  sessions_.erase(at);
}

void memory_session_store::forget_expired(session::time_point now) {
  while (!sessions_.empty() && sessions_.begin()->first <= now) erase(sessions_.begin());
}

}  // namespace lbwire::gateway
