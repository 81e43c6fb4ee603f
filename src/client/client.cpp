// What the client does: commands of the host, connections for the session. How events reach the host:
// client_events.cpp.
#include "client/client.h"

#include <utility>

#include "client/loop_pool.h"

namespace lbwire::client {

using session::instant;

std::shared_ptr<client> client::create(options o) {
  auto loop = shared_loop(o.threads);
  auto created = std::make_shared<client>(std::move(loop), std::move(o));
  if (created->queue_) {
    created->queue_->on_room([weak = created->weak_from_this()] {
      if (const auto alive = weak.lock()) {
        const lock held(alive->mutex_);
        alive->run_soon();
      }
    });
  }
  return created;
}

client::client(std::shared_ptr<::lbwire::link::loop> loop, options o)
    : link(loop, std::make_shared<session::client_options>(o.session_options), *loop),
      options_(std::move(o)),
      queue_(options_.delivery.by_queue
                 ? std::make_shared<host::event_queue>(options_.delivery.max_queue_bytes, options_.delivery.overflow)
                 : nullptr) {
  if (!options_.token.empty()) session_.set_token(options_.token);
  if (!options_.session.id.empty()) session_.resume(options_.session);
}

bool client::connect() {
  const lock held(mutex_);
  if (destroying_) return false;
  session_.set_token_source(queue_ != nullptr || handlers_.on_token.call != nullptr);
  if (!session_.connect()) return false;
  started_ = true;
  run_soon();
  return true;
}

void client::disconnect() {
  const lock held(mutex_);
  session_.disconnect();
  run_soon();
}

void client::set_token(std::string token) {
  const lock held(mutex_);
  session_.set_token(std::move(token));
  run_soon();
}

lbw_status client::request(uint8_t cmd, session::bytes body, uint32_t timeout_ms, lbw_response_fn on_response,
                           void* user, uint64_t* ticket) {
  const auto timeout = timeout_ms == 0 ? options_.session_options.requests.timeout : session::milliseconds(timeout_ms);
  const auto now = std::chrono::steady_clock::now();
  const lock held(mutex_);
  uint64_t made = 0;
  const lbw_status status = session_.request(cmd, body, timeout, {on_response, user}, now, made);
  if (status != LBW_OK) return status;
  if (ticket) *ticket = made;
  send_now();
  return LBW_OK;
}

lbw_status client::cancel(uint64_t ticket) {
  const lock held(mutex_);
  const lbw_status status = session_.cancel(ticket);
  if (status == LBW_OK) run_soon();
  return status;
}

int32_t client::state() {
  const lock held(mutex_);
  return session_.state();
}

std::optional<session::resumable_session> client::resumable() {
  const lock held(mutex_);
  return session_.resumable();
}

lbw_client_stats client::stats() {
  const lock held(mutex_);
  const session::client_counters& c = session_.counters();
  const session::channel_counters& traffic = session_.traffic();
  const session::round_trip& rtt = session_.rtt();
  lbw_client_stats out{};
  out.size = sizeof out;
  out.state = session_.state();
  out.bytes_sent = traffic.bytes_sent;
  out.bytes_received = traffic.bytes_received;
  out.packets_sent = traffic.packets_sent;
  out.packets_received = traffic.packets_received;
  out.requests = c.requests;
  out.responses = c.responses;
  out.requests_timed_out = c.requests_timed_out;
  out.requests_cancelled = c.requests_cancelled;
  out.requests_lost = c.requests_lost;
  out.requests_in_flight = session_.requests_in_flight();
  out.pushes = c.pushes;
  out.pushes_dropped = queue_ ? queue_->dropped() : 0;
  out.heartbeats_sent = c.heartbeats_sent;
  out.heartbeats_answered = c.heartbeats_answered;
  out.heartbeats_received = c.heartbeats_received;
  out.connects = c.connects;
  out.sessions = c.sessions;
  out.responses_unexpected = c.responses_unexpected;
  out.rtt_us = rtt.last_us();
  out.rtt_min_us = rtt.min_us();
  out.srtt_us = rtt.smoothed_us();
  out.rttvar_us = rtt.variance_us();
  return out;
}

void client::destroy() {
  const lock held(mutex_);
  if (destroying_.exchange(true)) return;
  session_.disconnect();
  if (queue_) queue_->close();
  run_soon();
}

// ---- on the loop ----

void client::settle(lock& held) {
  if (session_.connection() != connection_) {
    abandon_connection();
    connection_ = session_.connection();
    if (connection_ != 0) open_connection();
  }
  if (destroying_ && connection_ == 0 && !session_.due(session::time_point::min())) release(held);
}

void client::open_connection() {
  auto done = [weak = weak_from_this(), connection = connection_](transport::connect_result result) {
    if (const auto alive = weak.lock()) alive->connection_result(connection, std::move(result));
  };
  connector_ = std::make_shared<transport::tcp_connector>(*loop_, options_.server, options_.tcp, std::move(done));
  // Not from here: an attempt may end at once, and the lock is held.
  loop_->post([connector = connector_] { connector->start(); });
}

void client::connection_result(uint64_t connection, transport::connect_result result) {
  lock held(mutex_);
  if (connection != connection_ || connection != session_.connection()) return;
  connector_ = nullptr;
  if (result.connected) {
    peer_ = result.connected->peer();
    use_stream(std::move(result.connected));
    session_.connected(connection, ::lbwire::link::now());
  } else {
    const int32_t cause = result.resolved ? LBW_CAUSE_CONNECT_FAILED : LBW_CAUSE_RESOLVE_FAILED;
    session_.connect_failed(connection, cause, std::move(result.problem), ::lbwire::link::now());
  }
  run(held);
}

void client::abandon_connection() {
  if (connector_) {
    connector_->cancel();
    connector_ = nullptr;
  }
  if (!stream_) return;
  flush();  // what the host had sent before it disconnected, as far as it goes at once
  session_.output().clear();
  drop_stream();
}

void client::lost(const std::string& problem) {
  session_.disconnected(connection_, problem, ::lbwire::link::now());
}

void client::release(lock& held) {
  if (std::exchange(released_, true)) return;
  cancel_timer();
  const auto [call, user] = std::exchange(handlers_.on_released, {});
  if (!call) return;
  held.unlock();
  call(user);
  held.lock();
}

}  // namespace lbwire::client
