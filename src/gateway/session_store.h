// Where a gateway keeps the sessions that it gave out. An interface, so that several gateways can share one store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "session/clock.h"

namespace lbwire::gateway {

struct stored_session {
  std::string id;
  session::time_point expires_at;  // monotonic: a jump of the wall clock ends no session
  uint64_t connection = 0;         // that it was given to; it may be gone
};

// Every function may be called from any thread.
class session_store {
 public:
  virtual ~session_store() = default;

  virtual void put(stored_session session, session::time_point now) = 0;
  // Takes a session out, unless it has expired: it is replaced at each reconnect, so of two connections that present
  // it one wins.
  virtual std::optional<stored_session> take(std::string_view id, session::time_point now) = 0;
  virtual size_t size() const = 0;
};

}  // namespace lbwire::gateway
