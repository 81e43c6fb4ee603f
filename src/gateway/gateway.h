// A gateway: listens, lets connections in by token or session, and carries the host's answers and pushes to them.
#pragma once

#include <lbwire/lbwire.h>

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/connection.h"
#include "gateway/handlers.h"
#include "gateway/options.h"
#include "gateway/session_store.h"
#include "gateway/token_list.h"
#include "host/event_queue.h"
#include "host/handle_table.h"
#include "link/host_event.h"

namespace lbwire::gateway {

struct connection_info {
  uint64_t connection;
  std::string peer;
  bool authenticated;
  int64_t expires_ms;
  uint64_t rtt_us;
};

// Every public function may be called from any thread.
class gateway final : public std::enable_shared_from_this<gateway> {
 public:
  static std::shared_ptr<gateway> create(options o);
  explicit gateway(options o);

  void set_handle(uint64_t handle) { handle_ = handle; }
  // False once start() was called, or with queue delivery.
  template <class Function>
  bool set_handler(handler<Function> handlers::*which, Function call, void* user, bool with_queue_too = false) {
    const std::lock_guard held(mutex_);
    if (state_ != state::idle || ever_started_ || (queue_ && !with_queue_too)) return false;
    handlers_.*which = {call, user};
    return true;
  }

  // ---- the host ----

  lbw_status start(std::string& problem);
  void stop();
  void destroy();
  std::string address() const;  // "" before start

  token_list::added add_token(std::string token) { return tokens_.add(std::move(token)); }
  std::optional<std::string> issue_token();  // nothing if as many wait as may
  void withdraw_token(std::string_view token) { tokens_.use(token); }
  lbw_status accept(uint64_t connection);
  lbw_status refuse(uint64_t connection, std::string reason);
  lbw_status respond(uint64_t connection, uint32_t request_id, uint8_t status, session::bytes body);
  lbw_status push(uint64_t connection, uint8_t cmd, session::bytes body);
  lbw_status broadcast(uint8_t cmd, session::bytes body, uint64_t& sent);
  lbw_status close(uint64_t connection, int32_t code, std::string reason);
  std::vector<connection_info> connections() const;
  lbw_gateway_stats stats() const;

  const std::shared_ptr<host::event_queue>& queue() const { return queue_; }

  // ---- its connections, on their loops ----

  void admit_token(connection& c, uint64_t handle, std::string_view token, const wire::string_map& metadata);
  void admit_session(connection& c, uint64_t handle, std::string_view id);
  session::milliseconds linger() const { return session_options_->linger; }
  bool host_has_room() const { return !queue_ || queue_->has_room(); }
  int32_t give_request(const lbw_request_event& event);
  template <class Event, class Function>
  void give(const Event& event, handler<Function> handlers::*to) {
    if (queue_)
      ::lbwire::link::enqueue(*queue_, event);
    else if (const auto& [call, user] = handlers_.*to; call)
      call(handle_, &event, user);
  }
  void count_session() { ++authenticated_; }
  void log(int32_t level, const std::string& message);
  void count_close(const session::close_event& e, bool was_ready);
  void connection_gone(uint64_t handle);

 private:
  enum class state : uint8_t { idle, listening, stopping };
  using tcp = asio::ip::tcp;

  void accept_next();
  void accepted(tcp::socket socket, const std::shared_ptr<::lbwire::link::loop>& loop);
  void pause_accepting(const asio::error_code& error);
  void check_stopped();
  void stopped();
  void release_if_destroyed();
  session::granted_session grant(uint64_t connection, int32_t kind);
  lbw_status admit(connection& c, uint64_t handle, int32_t kind);
  void host_takes_events();

  const options options_;
  const std::shared_ptr<const session::server_options> session_options_;
  const std::shared_ptr<host::event_queue> queue_;
  handlers handlers_;  // not changed once started
  uint64_t handle_ = 0;

  const std::unique_ptr<session_store> sessions_;
  token_list tokens_;
  host::handle_table<connection> connections_;
  std::atomic<uint64_t> open_{0}, authenticated_{0};

  struct {
    std::atomic<uint64_t> accepted{0}, auths{0}, reconnects{0}, refused{0}, closes_other{0}, lost{0}, requests{0},
        pushes{0};
    std::array<std::atomic<uint64_t>, 7> closes{};
  } counters_;

  mutable std::mutex mutex_;  // guards what follows
  std::vector<std::shared_ptr<::lbwire::link::loop>> loops_;
  size_t next_loop_ = 0;
  state state_ = state::idle;
  bool ever_started_ = false, destroying_ = false, released_ = false;
  bool accept_waits_ = false;  // for the host to take events
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<asio::steady_timer> accept_timer_;
  tcp::endpoint bound_;
};

}  // namespace lbwire::gateway
