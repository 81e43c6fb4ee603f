#include "gateway/connection.h"

#include <utility>
#include <variant>

#include "gateway/gateway.h"
#include "link/host_event.h"

namespace lbwire::gateway {

using ::lbwire::link::now;
using ::lbwire::link::to_host;

connection::connection(std::shared_ptr<gateway> owner, std::shared_ptr<::lbwire::link::loop> loop,
                       std::shared_ptr<const session::server_options> options,
                       std::unique_ptr<transport::stream> stream)
    : link(std::move(loop), std::move(options), now().at), owner_(std::move(owner)), peer_(stream->peer()) {
  use_stream(std::move(stream));
}

uint64_t connection::start(host::handle_table<connection>& table) {
  // Whoever finds it in the table has to wait until it knows its handle.
  const lock held(mutex_);
  handle_ = table.insert(shared_from_this());
  if (handle_ != 0) run_soon();
  return handle_;
}

lbw_status connection::accept(const session::granted_session& granted) {
  const lock held(mutex_);
  if (!session_.deciding()) return LBW_ERR_NOT_FOUND;
  session_.accept(granted, now());
  session_id_ = granted.id;
  run_soon();
  return LBW_OK;
}

lbw_status connection::refuse(int32_t code, std::string reason) {
  const lock held(mutex_);
  if (!session_.deciding()) return LBW_ERR_NOT_FOUND;
  session_.refuse(code, std::move(reason), now().at);
  run_soon();
  return LBW_OK;
}

lbw_status connection::push(uint8_t cmd, session::bytes body) {
  const lock held(mutex_);
  const lbw_status status = session_.push(cmd, body);
  if (status == LBW_OK) send_now();
  return status;
}

lbw_status connection::respond(uint32_t request_id, uint8_t status, session::bytes body) {
  const lock held(mutex_);
  const lbw_status result = session_.respond(request_id, status, body);
  if (result == LBW_OK) send_now();
  return result;
}

lbw_status connection::respond_error(uint32_t request_id, wire::status_code status, std::string text) {
  const lock held(mutex_);
  const auto code = static_cast<uint8_t>(status);
  const lbw_status result =
      session_.respond(request_id, code, session_.channel().encode(wire::error{code, std::move(text)}));
  if (result == LBW_OK) send_now();
  return result;
}

lbw_status connection::close(int32_t code, std::string reason) {
  return close(code, std::move(reason), owner_->linger());
}

lbw_status connection::close(int32_t code, std::string reason, session::milliseconds linger) {
  const lock held(mutex_);
  if (session_.closing()) return LBW_ERR_NOT_FOUND;
  session_.close(code, std::move(reason), now().at, linger);
  run_soon();
  return LBW_OK;
}

void connection::resume() {
  const lock held(mutex_);
  run_soon();
}

bool connection::ready() {
  const lock held(mutex_);
  return session_.ready();
}

bool connection::deciding() {
  const lock held(mutex_);
  return session_.deciding();
}

std::string connection::session_id() {
  const lock held(mutex_);
  return session_id_;
}

int64_t connection::expires_ms() {
  const lock held(mutex_);
  return session_.expires_ms();
}

uint64_t connection::rtt_us() {
  const lock held(mutex_);
  return session_.rtt().last_us();
}

// ---- on the loop ----

void connection::settle(lock&) {
  if (session_.closing() && !half_closed_ && stream_) {
    flush();
    if (session_.output().empty()) {
      half_closed_ = true;
      stream_->shutdown_send();
    }
  }
  if (!session_.over() || gone_ || session_.due(session::time_point::min())) return;
  gone_ = true;
  drop_stream();
  cancel_timer();
  owner_->connection_gone(handle_);
}

void connection::lost(const std::string& problem) {
  session_.disconnected(problem);
}

bool connection::host_has_room() const {
  return owner_->host_has_room();
}

void connection::dispatch(const session::event& event) {
  if (const auto* request = std::get_if<session::request_event>(&event)) [[likely]]
    return deliver(*request);
  std::visit([this](const auto& e) { deliver(e); }, event);
}

void connection::deliver(const session::request_event& e) {
  if (owner_->give_request(to_host(e, handle_)) != 0) close(LBW_CLOSE_SERVER_ERROR, "the request handler failed");
}

void connection::deliver(const session::admission_event& e) {
  if (e.kind == LBW_SESSION_AUTH)
    owner_->admit_token(*this, handle_, e.credential, *e.metadata);
  else
    owner_->admit_session(*this, handle_, e.credential);
}

void connection::deliver(const session::session_event& e) {
  was_ready_ = true;
  owner_->count_session();
  owner_->log(LBW_LOG_INFO, peer_ + (e.kind == LBW_SESSION_AUTH ? " authenticated by token" : " came back by session"));
  owner_->give(to_host(e, handle_, peer_), &handlers::on_session);
}

void connection::deliver(const session::close_event& e) {
  owner_->count_close(e, was_ready_);
  owner_->log(LBW_LOG_INFO, peer_ + " closed: " + host::close_name(e.code) + ", " + std::string(e.reason));
  owner_->give(to_host(e, handle_), &handlers::on_close);
}

void connection::deliver(const session::heartbeat_event& e) {
  owner_->give(to_host(e, handle_), &handlers::on_heartbeat);
}

void connection::deliver(const session::writable_event& e) {
  owner_->give(to_host(e, handle_), &handlers::on_writable);
}

}  // namespace lbwire::gateway
