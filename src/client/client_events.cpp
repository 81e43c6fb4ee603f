// How events reach the host: by callback or into the queue.
#include <variant>

#include "client/client.h"
#include "link/host_event.h"

namespace lbwire::client {

using ::lbwire::link::to_host;

void client::dispatch(const session::event& event) {
  if (const auto* push = std::get_if<session::push_event>(&event)) [[likely]] {
    // A host that destroyed its client, maybe in the callback before this one, has no more use for pushes.
    if (!destroying_.load(std::memory_order_relaxed)) deliver(*push);
    return;
  }
  std::visit([this](const auto& e) { deliver(e); }, event);
}

template <class Event, class Function>
void client::give(const Event& e, const handler<Function>& to) {
  if (queue_) {
    ::lbwire::link::enqueue(*queue_, e);
  } else if (to.call) {
    to.call(handle_, &e, to.user);
  }
}

void client::deliver(const session::push_event& e) {
  give(to_host(e), handlers_.on_push);
}
void client::deliver(const session::response_event& e) {
  give(to_host(e), handler<lbw_response_fn>{e.done.on_response, e.done.user});
}
void client::deliver(const session::heartbeat_event& e) {
  give(to_host(e, 0), handlers_.on_heartbeat);
}
void client::deliver(const session::state_event& e) {
  if (options_.session_options.log_level >= LBW_LOG_INFO) {
    const std::string line = std::string("state ") + host::state_name(e.state) + ", " + host::cause_name(e.cause) +
                             (e.detail.empty() ? "" : ": ") + std::string(e.detail);
    deliver(session::log_event{LBW_LOG_INFO, line});
  }
  give(to_host(e), handlers_.on_state);
}
void client::deliver(const session::session_event& e) {
  give(to_host(e, 0, peer_), handlers_.on_session);
}
void client::deliver(const session::close_event& e) {
  give(to_host(e, 0), handlers_.on_close);
}
void client::deliver(const session::token_event& e) {
  give(to_host(e), handlers_.on_token);
}
void client::deliver(const session::writable_event& e) {
  give(to_host(e, 0), handlers_.on_writable);
}
void client::deliver(const session::log_event& e) {
  give(to_host(e), handlers_.on_log);
}

}  // namespace lbwire::client
