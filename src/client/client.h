// A client: a session that comes back by itself, the stream that carries it now, and the host's ears.
#pragma once

#include <lbwire/lbwire.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "client/handlers.h"
#include "client/options.h"
#include "host/event_queue.h"
#include "link/link.h"
#include "session/client_session.h"
#include "transport/tcp_connector.h"

namespace lbwire::client {

// Every public function may be called from any thread.
class client final : public link::link<session::client_session>, public std::enable_shared_from_this<client> {
 public:
  static std::shared_ptr<client> create(options o);
  client(std::shared_ptr<::lbwire::link::loop> loop, options o);

  // The number that stands for this client in events. Before anything else.
  void set_handle(uint64_t handle) { handle_ = handle; }

  // Changes the callbacks; false once connect() was called, or with queue delivery.
  template <class Function>
  bool set_handler(handler<Function> handlers::*which, Function call, void* user, bool with_queue_too = false) {
    const lock held(mutex_);
    if (started_ || (queue_ && !with_queue_too)) return false;
    handlers_.*which = {call, user};
    return true;
  }

  bool connect();
  void disconnect();
  // Once. Events still under way are given out, then on_released is called.
  void destroy();

  void set_token(std::string token);
  lbw_status request(uint8_t cmd, session::bytes body, uint32_t timeout_ms, lbw_response_fn on_response, void* user,
                     uint64_t* ticket);
  lbw_status cancel(uint64_t ticket);

  int32_t state();
  std::optional<session::resumable_session> resumable();
  lbw_client_stats stats();

  // Null with callback delivery.
  const std::shared_ptr<host::event_queue>& queue() const { return queue_; }

 private:
  std::shared_ptr<link> self() override { return shared_from_this(); }
  void dispatch(const session::event& event) override;
  void settle(lock& held) override;
  void lost(const std::string& problem) override;
  bool host_has_room() const override { return !queue_ || queue_->has_room(); }
  bool may_tick() const override { return host_has_room() || session_.state() != LBW_STATE_BACKING_OFF; }

  void open_connection();
  void connection_result(uint64_t connection, transport::connect_result result);
  void abandon_connection();
  void release(lock& held);

  void deliver(const session::push_event& e);
  void deliver(const session::response_event& e);
  void deliver(const session::heartbeat_event& e);
  void deliver(const session::state_event& e);
  void deliver(const session::session_event& e);
  void deliver(const session::close_event& e);
  void deliver(const session::token_event& e);
  void deliver(const session::writable_event& e);
  void deliver(const session::log_event& e);
  template <class Event>
  void deliver(const Event&) {}  // a server's
  template <class Event, class Function>
  void give(const Event& e, const handler<Function>& to);

  const options options_;
  const std::shared_ptr<host::event_queue> queue_;
  handlers handlers_;  // not changed once started
  uint64_t handle_ = 0;
  bool started_ = false;
  std::atomic<bool> destroying_ = false;  // written under the lock
  bool released_ = false;
  uint64_t connection_ = 0;  // the session's number of the stream, or of the attempt to get one
  std::shared_ptr<transport::tcp_connector> connector_;
  std::string peer_;
};

}  // namespace lbwire::client
