// Packets and time: what a connection that is up gives and asks for.
#include "session/client_session.h"

#include <algorithm>
#include <utility>

namespace lbwire::session {

namespace {

// A peer that refused auth is given so long to say Close, too, before we go.
constexpr milliseconds refusal_linger{200};

constexpr auto heartbeat_cmd = static_cast<uint8_t>(wire::command::heartbeat);

}  // namespace

client_session::client_session(std::shared_ptr<const client_options> options, random_source& random)
    : options_(std::move(options)), random_(random), channel_(options_->limits) {
  channel_.compress_from(options_->requests.compress_from);
}

bool client_session::receive(instant now, event_batch& batch) {
  flush_queued(batch);
  bool more = connection_ != 0;
  while (more && !batch.full()) {
    wire::packet p;
    switch (channel_.next(p, batch)) {
      case packet_channel::received::packet: take(p, now, batch); break;
      case packet_channel::received::nothing: more = false; break;
      case packet_channel::received::malformed:
        end({LBW_CLOSE_UNPACK_ERROR, LBW_ORIGIN_LOCAL, LBW_CAUSE_PROTOCOL_ERROR, channel_.problem()}, now);
        break;
    }
    if (!queued_.empty()) flush_queued(batch);
    if (connection_ == 0) more = false;
  }
  if (channel_.take_progress()) heartbeats_.heard(now.at);
  offer_room();
  flush_queued(batch);
  return more;
}

void client_session::take(const wire::packet& p, instant now, event_batch& batch) {
  switch (p.type) {
    case wire::packet_type::push: return take_push(p, now, batch);
    case wire::packet_type::response: return take_response(p, now, batch);
    case wire::packet_type::request: return take_request(p);
  }
}

void client_session::take_push(const wire::packet& p, instant now, event_batch& batch) {
  if (!wire::is_control(p.cmd)) [[likely]] {
    ++counters_.pushes;
    batch.add(push_event{p.cmd, p.body});
  } else if (p.cmd == static_cast<uint8_t>(wire::command::close)) {
    take_close(p, now);
  } else {
    log(LBW_LOG_WARN, "ignored a push of control command " + std::to_string(p.cmd));
  }
}

void client_session::take_response(const wire::packet& p, instant now, event_batch& batch) {
  if (phase_ == phase::authenticating && p.request_id == admission_id_ && p.cmd == admission_cmd())
    return take_admission(p, now);
  if (p.cmd == heartbeat_cmd) return take_heartbeat_answer(p, now);

  const auto found = requests_.by_wire_id(p.request_id);
  if (!found || requests_.at(*found).payload.cmd != p.cmd) {
    ++counters_.responses_unexpected;
    log(LBW_LOG_DEBUG, "response " + std::to_string(p.request_id) + " of command " + std::to_string(p.cmd) +
                           " answers nothing that is waited for");
    return;
  }
  ++counters_.responses;
  const uint64_t ticket = requests_.ticket(*found);
  const pending_request request = requests_.remove(*found);
  response_event answered{ticket, LBW_OK, p.cmd, p.status, p.body, 0, {}, request.done};
  if (wire::error error; p.status != 0 && channel_.decode(p.body, error)) {
    answered.error_code = error.code;
    answered.error_msg = batch.keep(std::move(error.msg));
  }
  batch.add(answered);
}

void client_session::take_heartbeat_answer(const wire::packet& p, instant now) {
  const auto measured = heartbeats_.answered(p.request_id, now.at);
  if (!measured) {
    ++counters_.responses_unexpected;
    return;
  }
  rtt_.sample(*measured);
  ++counters_.heartbeats_answered;
  queued_.add(heartbeat_event{LBW_ORIGIN_LOCAL, p.request_id, rtt_.last_us(), rtt_.min_us(), rtt_.smoothed_us(),
                              rtt_.variance_us()});
}

void client_session::take_request(const wire::packet& p) {
  if (p.cmd == heartbeat_cmd) {
    channel_.send_response(p.cmd, p.request_id, 0, p.body);
    ++counters_.heartbeats_received;
    queued_.add(
        heartbeat_event{LBW_ORIGIN_PEER, p.request_id, 0, rtt_.min_us(), rtt_.smoothed_us(), rtt_.variance_us()});
    return;
  }
  const auto status = static_cast<uint8_t>(wire::status_code::bad_request);
  channel_.send_response(p.cmd, p.request_id, status,
                         channel_.encode(wire::error{status, "a client answers heartbeats alone"}));
  log(LBW_LOG_WARN, "refused a request of command " + std::to_string(p.cmd) + " from the peer");
}

void client_session::take_close(const wire::packet& p, instant now) {
  wire::close close;
  if (!channel_.decode(p.body, close)) {
    return end({LBW_CLOSE_UNPACK_ERROR, LBW_ORIGIN_LOCAL, LBW_CAUSE_PROTOCOL_ERROR, "a Close that cannot be parsed"},
               now);
  }
  if (close.code < 0) close.code = LBW_CLOSE_UNKNOWN;  // codes below 0 are ours
  const int32_t cause = phase_ == phase::refused ? refusal_.cause : LBW_CAUSE_PEER_CLOSED;
  if (phase_ == phase::refused && close.reason.empty()) close.reason = refusal_.reason;
  end({close.code, LBW_ORIGIN_PEER, cause, std::move(close.reason)}, now);
}

void client_session::take_admission(const wire::packet& p, instant now) {
  if (p.status == 0) {
    wire::auth_response answer;
    if (!channel_.decode(p.body, answer)) {
      return end({LBW_CLOSE_UNPACK_ERROR, LBW_ORIGIN_LOCAL, LBW_CAUSE_PROTOCOL_ERROR,
                  "an answer to auth that cannot be parsed"},
                 now);
    }
    return ready(std::move(answer), now);
  }

  wire::error error;
  const bool told = channel_.decode(p.body, error) && !error.msg.empty();
  std::string reason = told ? std::move(error.msg) : std::string("status ") + wire::status_code_name(p.status);
  const auto status = static_cast<wire::status_code>(p.status);
  const bool refused = status == wire::status_code::unauthenticated || status == wire::status_code::bad_request ||
                       status == wire::status_code::permission_denied;
  refusal_ = {LBW_CLOSE_SERVER_ERROR, LBW_ORIGIN_PEER, LBW_CAUSE_PEER_CLOSED, std::move(reason)};
  if (refused) {
    refusal_.code = with_session_ ? LBW_CLOSE_SESSION_EXPIRED : LBW_CLOSE_AUTH_ERROR;
    refusal_.cause = with_session_ ? LBW_CAUSE_RECONNECT_REFUSED : LBW_CAUSE_AUTH_REFUSED;
  }
  phase_ = phase::refused;
  phase_deadline_ = now.at + refusal_linger;
}

void client_session::tick(instant now, event_batch& batch) {
  if (start_asked_) {
    start_asked_ = false;
    begin_attempt(LBW_CAUSE_CONNECT_CALLED, now);
  }
  if (phase_ == phase::want_token && token_) open(now);
  if (now.at >= phase_deadline_) phase_expired(now);
  if (state_ == LBW_STATE_READY) beat(now);
  if (now.at >= stable_at_) stabilized();
  while (!requests_.empty() && now.at >= requests_.deadline()) {
    ++counters_.requests_timed_out;
    finish(requests_.first(), LBW_ERR_TIMEOUT);
  }
  offer_room();
  flush_queued(batch);
}

void client_session::phase_expired(instant now) {
  switch (phase_) {
    case phase::none: return begin_attempt(LBW_CAUSE_RETRY, now);
    case phase::want_token:
      return give_up(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE,
                     "no token was set " + within(options_->token_timeout));
    case phase::opening:
      return attempt_failed(LBW_CAUSE_CONNECT_TIMEOUT, "no connection " + within(options_->connect_timeout), now);
    case phase::authenticating:
      return end(
          {LBW_CLOSE_AUTH_TIMEOUT, LBW_ORIGIN_LOCAL, LBW_CAUSE_AUTH_TIMEOUT,
           std::string("no answer to ") + (with_session_ ? "reconnect " : "auth ") + within(options_->auth_timeout)},
          now);
    case phase::refused: return end(std::move(refusal_), now);
  }
}

void client_session::beat(instant now) {
  switch (heartbeats_.due(now.at)) {
    case heartbeat_monitor::action::none: return;
    case heartbeat_monitor::action::give_up:
      return end({LBW_CLOSE_HEARTBEAT_TIMEOUT, LBW_ORIGIN_LOCAL, LBW_CAUSE_HEARTBEAT_TIMEOUT,
                  "no answer to a heartbeat " + within(heartbeats_.timeout())},
                 now);
    case heartbeat_monitor::action::ask: break;
  }
  const uint32_t id = new_request_id();
  const wire::heartbeat ask{now.unix_ms, static_cast<int32_t>(id & 0x7fffffffu)};
  const auto timeout = std::min<int64_t>(heartbeats_.timeout().count(), wire::max_timeout_ms);
  channel_.output().trim();
  channel_.send_request(heartbeat_cmd, id, static_cast<uint16_t>(timeout), channel_.encode(ask));
  heartbeats_.asked(id, now.at);
  ++counters_.heartbeats_sent;
}

time_point client_session::deadline() const {
  if (start_asked_ || !queued_.empty() || (phase_ == phase::want_token && token_)) return time_point::min();
  return std::min({phase_deadline_, heartbeats_.deadline(), requests_.deadline(), stable_at_});
}

uint32_t client_session::new_request_id() {
  uint32_t id;
  do id = channel_.next_request_id();
  while (requests_.by_wire_id(id) || heartbeats_.waiting_for(id));
  return id;
}

void client_session::flush_queued(event_batch& batch) {
  if (!queued_.empty()) batch.append(queued_);
}

void client_session::log(int32_t level, std::string message) {
  if (level > options_->log_level) return;
  const auto kept = queued_.keep(std::move(message));
  queued_.add(log_event{level, kept});
}

}  // namespace lbwire::session
