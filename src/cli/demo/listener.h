// What the demo's callbacks are given as `user`: where to write what they are told. It belongs to a client or
// a gateway of the library, and goes with the last event of that, after which on_released comes.
#pragma once

#include <lbwire/lbwire.h>

#include <functional>
#include <memory>
#include <string>

#include "demo/journal.h"
#include "event_json.h"

namespace lbwire::cli {

// Called on a thread of the library when a fresh token is needed.
using token_supply = std::function<std::string()>;

struct listener {
  std::shared_ptr<journal> events;
  std::string name;
  token_supply tokens;  // clients only
};

inline void note(void* user, json event) {
  const auto& to = *static_cast<listener*>(user);
  to.events->add(to.name, std::move(event));
}

// A handler, of a client or a gateway, that only writes down what it is told.
template <class Event>
void note_event(uint64_t, const Event* event, void* user) {
  note(user, to_json(*event));
}

inline void let_go(void* user) {
  note(user, {{"event", "released"}});
  const std::unique_ptr<listener> last(static_cast<listener*>(user));
}

// After a destroy: returns when nothing is called any more.
inline void await_release(const journal& events, const std::string& name) {
  events.await(name, {{"event", "released"}}, 0, journal::clock::now() + std::chrono::seconds(5));
}

}  // namespace lbwire::cli
