// One connection of a gateway: a server session, the stream that carries it, and the gateway that it asks.
#pragma once

#include <memory>
#include <string>

#include "host/handle_table.h"
#include "link/link.h"
#include "session/server_session.h"

namespace lbwire::gateway {

class gateway;

// Every public function may be called from any thread.
class connection final : public link::link<session::server_session>, public std::enable_shared_from_this<connection> {
 public:
  connection(std::shared_ptr<gateway> owner, std::shared_ptr<::lbwire::link::loop> loop,
             std::shared_ptr<const session::server_options> options, std::unique_ptr<transport::stream> stream);

  // Enters the table, and begins to read; 0 if the table is full.
  uint64_t start(host::handle_table<connection>& table);

  // Answers to an admission; LBW_ERR_NOT_FOUND if none waits.
  lbw_status accept(const session::granted_session& granted);
  lbw_status refuse(int32_t code, std::string reason);

  lbw_status push(uint8_t cmd, session::bytes body);
  lbw_status respond(uint32_t request_id, uint8_t status, session::bytes body);
  // With an Error message as its body, in the peer's codec.
  lbw_status respond_error(uint32_t request_id, wire::status_code status, std::string text);
  lbw_status close(int32_t code, std::string reason);
  // The peer has so long to read what was sent to it.
  lbw_status close(int32_t code, std::string reason, session::milliseconds linger);
  // The host takes events again.
  void resume();

  bool ready();
  bool deciding();
  // The session that it was given, "" before. A secret.
  std::string session_id();
  int64_t expires_ms();
  uint64_t rtt_us();
  const std::string& peer() const { return peer_; }

 private:
  std::shared_ptr<link> self() override { return shared_from_this(); }
  void dispatch(const session::event& event) override;
  void settle(lock& held) override;
  void lost(const std::string& problem) override;
  bool host_has_room() const override;

  void deliver(const session::request_event& e);
  void deliver(const session::admission_event& e);
  void deliver(const session::session_event& e);
  void deliver(const session::close_event& e);
  void deliver(const session::heartbeat_event& e);
  void deliver(const session::writable_event& e);
  template <class Event>
  void deliver(const Event&) {}  // a client's

  const std::shared_ptr<gateway> owner_;
  const std::string peer_;
  uint64_t handle_ = 0;
  std::string session_id_;
  bool half_closed_ = false, gone_ = false;
  bool was_ready_ = false;  // counted as authenticated
};

}  // namespace lbwire::gateway
