#include "session/server_session.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lbwire::session {

namespace {

// Before a peer is known it may not make us hold more than an auth request needs.
constexpr size_t max_stranger_packet = 64 * 1024;

constexpr auto heartbeat_cmd = static_cast<uint8_t>(wire::command::heartbeat);

}  // namespace

server_session::server_session(std::shared_ptr<const server_options> options, time_point now)
    : options_(std::move(options)), channel_(options_->limits), phase_deadline_(now + options_->auth_timeout) {
  channel_.compress_from(options_->requests.compress_from);
  channel_.limit_packets(max_stranger_packet, max_stranger_packet);
}

bool server_session::receive(instant now, event_batch& batch) {
  flush_queued(batch);
  if (state_ == state::handshake && !take_handshake(now.at)) {
    flush_queued(batch);
    return false;
  }
  bool more = wants_packets();
  while (more && !batch.full()) {
    wire::packet p;
    switch (channel_.next(p, batch)) {
      case packet_channel::received::packet: take(p, now, batch); break;
      case packet_channel::received::nothing: more = false; break;
      case packet_channel::received::malformed: close(LBW_CLOSE_UNPACK_ERROR, channel_.problem(), now.at); break;
    }
    if (!queued_.empty()) flush_queued(batch);
    if (!wants_packets()) more = false;
  }
  if (channel_.take_progress()) heartbeats_.heard(now.at);
  flush_queued(batch);
  return more;
}

// The two bytes before the first packet, from whatever pieces they come in.
bool server_session::take_handshake(time_point now) {
  const bytes in = channel_.take_back();
  size_t used = 0;
  std::array<uint8_t, wire::handshake_size> raw{handshake_first_, 0};
  while (used < in.size() && handshake_bytes_ < raw.size()) raw[handshake_bytes_++] = in[used++];
  handshake_first_ = raw[0];
  channel_.count_received(used);
  if (handshake_bytes_ < raw.size()) return false;

  wire::handshake handshake;
  const auto status = wire::decode_handshake(raw, handshake);
  if (status != wire::handshake_status::ok) {
    close(LBW_CLOSE_UNPACK_ERROR, std::string("handshake: ") + wire::describe(status), now);
    return false;
  }
  channel_.reset(handshake);
  state_ = state::first;
  channel_.feed(in.subspan(used));
  return true;
}

void server_session::take(const wire::packet& p, instant now, event_batch& batch) {
  if (state_ == state::first) return take_first(p, now);
  switch (p.type) {
    case wire::packet_type::request: return take_request(p, now, batch);
    case wire::packet_type::response: return take_response(p, now);
    case wire::packet_type::push: return close(LBW_CLOSE_UNPACK_ERROR, "a client does not push", now.at);
  }
}

void server_session::take_first(const wire::packet& p, instant now) {
  const bool is_request = p.type == wire::packet_type::request;
  if (is_request && p.cmd == static_cast<uint8_t>(wire::command::auth))
    return ask_admission(p, LBW_SESSION_AUTH, &wire::auth_request::token, now);
  if (is_request && p.cmd == static_cast<uint8_t>(wire::command::reconnect))
    return ask_admission(p, LBW_SESSION_RECONNECT, &wire::reconnect_request::session_id, now);
  close(LBW_CLOSE_AUTH_ERROR, "the first packet must be an auth or a reconnect request", now.at);
}

template <class Message>
void server_session::ask_admission(const wire::packet& p, int32_t kind, std::string Message::*credential, instant now) {
  Message message;
  if (!channel_.decode(p.body, message)) {
    return close(
        LBW_CLOSE_UNPACK_ERROR,
        std::string("an ") + (kind == LBW_SESSION_AUTH ? "auth" : "reconnect") + " request that cannot be parsed",
        now.at);
  }
  state_ = state::deciding;
  phase_deadline_ = now.at + options_->auth_timeout;
  admission_cmd_ = p.cmd;
  admission_id_ = p.request_id;
  const std::string_view secret = queued_.keep(std::move(message.*credential));
  queued_.add(admission_event{kind, secret, queued_.keep(std::move(message.metadata))});
}

void server_session::accept(const granted_session& granted, instant now) {
  if (state_ != state::deciding) return;
  state_ = state::ready;
  phase_deadline_ = never;
  expires_ms_ = granted.expires_ms;
  expires_at_ = granted.expires_at;
  channel_.limit_packets(options_->limits.max_packet_bytes, options_->limits.max_inflated_bytes);
  const wire::auth_response answer{granted.id, granted.expires_ms, granted.limit, granted.online};
  channel_.send_response(admission_cmd_, admission_id_, 0, channel_.encode(answer));
  heartbeats_.start(options_->heartbeat, now.at);
  queued_.add(
      session_event{granted.kind, 0, granted.expires_ms, granted.limit, granted.online, queued_.keep(granted.id)});
}

void server_session::refuse(int32_t code, std::string reason, time_point now) {
  if (state_ != state::deciding) return;
  answer_error(admission_cmd_, admission_id_, wire::status_code::unauthenticated, reason);
  close(code, std::move(reason), now);
}

void server_session::take_request(const wire::packet& p, instant now, event_batch& batch) {
  if (!wire::is_control(p.cmd)) [[likely]]
    return take_business(p, now, batch);
  switch (static_cast<wire::command>(p.cmd)) {
    case wire::command::heartbeat:
      channel_.send_response(p.cmd, p.request_id, 0, p.body);
      queued_.add(
          heartbeat_event{LBW_ORIGIN_PEER, p.request_id, 0, rtt_.min_us(), rtt_.smoothed_us(), rtt_.variance_us()});
      return;
    case wire::command::auth:
    case wire::command::reconnect:
      return close(LBW_CLOSE_AUTH_ERROR, "the connection is authenticated already", now.at);
    case wire::command::close: return close(LBW_CLOSE_UNPACK_ERROR, "a client does not send Close", now.at);
  }
}

void server_session::take_business(const wire::packet& p, instant now, event_batch& batch) {
  ++counters_.requests;
  if (requests_.by_wire_id(p.request_id)) {
    return close(LBW_CLOSE_UNPACK_ERROR, "request id " + std::to_string(p.request_id) + " is in flight already",
                 now.at);
  }
  if (requests_.size() >= options_->requests.max_in_flight) {
    return answer_error(p.cmd, p.request_id, wire::status_code::server_internal_error,
                        "more than " + std::to_string(options_->requests.max_in_flight) + " requests in flight");
  }
  const auto timeout = p.timeout_ms != 0 ? milliseconds(p.timeout_ms) : options_->requests.timeout;
  const auto slot = requests_.add(now.at + timeout, pending_request{p.cmd});
  requests_.bind(slot, p.request_id);
  batch.add(request_event{p.request_id, static_cast<uint32_t>(timeout.count()), p.cmd, p.body});
}

void server_session::take_response(const wire::packet& p, instant now) {
  const auto measured = p.cmd == heartbeat_cmd ? heartbeats_.answered(p.request_id, now.at) : std::nullopt;
  // An answer to a heartbeat that we have given up waiting for, since other packets came meanwhile.
  if (!measured && p.cmd == heartbeat_cmd && channel_.was_used(p.request_id)) return;
  if (!measured) {
    return close(LBW_CLOSE_UNPACK_ERROR, "response " + std::to_string(p.request_id) + " answers nothing that was asked",
                 now.at);
  }
  rtt_.sample(*measured);
  queued_.add(heartbeat_event{LBW_ORIGIN_LOCAL, p.request_id, rtt_.last_us(), rtt_.min_us(), rtt_.smoothed_us(),
                              rtt_.variance_us()});
}

void server_session::answer_error(uint8_t cmd, uint32_t request_id, wire::status_code status, std::string text) {
  const auto code = static_cast<uint8_t>(status);
  channel_.send_response(cmd, request_id, code, channel_.encode(wire::error{code, std::move(text)}));
}

lbw_status server_session::push(uint8_t cmd, bytes body) {
  if (state_ != state::ready) return LBW_ERR_NOT_FOUND;
  if (body.size() > wire::max_body_size) return LBW_ERR_TOO_LARGE;
  if (!has_room(body.size())) return LBW_ERR_QUEUE_FULL;
  ++counters_.pushes;
  channel_.send_push(cmd, body);
  return LBW_OK;
}

lbw_status server_session::respond(uint32_t request_id, uint8_t status, bytes body) {
  if (state_ != state::ready) return LBW_ERR_NOT_FOUND;
  if (body.size() > wire::max_body_size) return LBW_ERR_TOO_LARGE;
  const auto found = requests_.by_wire_id(request_id);
  if (!found) return LBW_ERR_NOT_FOUND;
  if (!has_room(body.size())) return LBW_ERR_QUEUE_FULL;
  channel_.send_response(requests_.at(*found).payload.cmd, request_id, status, body);
  requests_.remove(*found);
  return LBW_OK;
}

void server_session::close(int32_t code, std::string reason, time_point now, milliseconds linger) {
  if (closing()) return;
  const wire::close message{code, reason};
  channel_.send_push(static_cast<uint8_t>(wire::command::close), channel_.encode(message));
  state_ = state::closing;
  sent_close_ = code;
  phase_deadline_ = now + linger;
  expires_at_ = never;
  heartbeats_.stop();
  requests_ = {};
  queued_.add(close_event{code, LBW_ORIGIN_LOCAL, false, 0, queued_.keep(std::move(reason))});
}

void server_session::disconnected(std::string detail) {
  if (!closing()) {
    queued_.add(close_event{LBW_CLOSE_CONNECTION_LOST, LBW_ORIGIN_PEER, false, 0, queued_.keep(std::move(detail))});
  }
  state_ = state::over;
  phase_deadline_ = expires_at_ = never;
  heartbeats_.stop();
  requests_ = {};
}

void server_session::tick(instant now, event_batch& batch) {
  if (now.at >= phase_deadline_ && !(paused_ && awaits_first())) {
    if (state_ == state::closing) {
      state_ = state::over;
      phase_deadline_ = never;
    } else if (state_ == state::deciding) {
      // The host's failure, not the token's: the client may keep its faith in it.
      const std::string reason = "the token was not decided on " + within(options_->auth_timeout);
      answer_error(admission_cmd_, admission_id_, wire::status_code::server_timeout, reason);
      close(LBW_CLOSE_SERVER_ERROR, reason, now.at);
    } else {
      close(LBW_CLOSE_AUTH_ERROR, "no auth " + within(options_->auth_timeout), now.at);
    }
  }
  if (now.at >= expires_at_) close(LBW_CLOSE_SESSION_EXPIRED, "the session has expired", now.at);
  if (state_ == state::ready) beat(now);
  while (!requests_.empty() && now.at >= requests_.deadline()) {
    const auto slot = requests_.first();
    const uint32_t id = requests_.at(slot).wire_id;
    const pending_request request = requests_.remove(slot);
    answer_error(request.cmd, id, wire::status_code::server_timeout, "not answered in time");
  }
  offer_room();
  flush_queued(batch);
}

void server_session::beat(instant now) {
  switch (heartbeats_.due(now.at)) {
    case heartbeat_monitor::action::none: return;
    case heartbeat_monitor::action::give_up:
      return close(LBW_CLOSE_HEARTBEAT_TIMEOUT, "no answer to a heartbeat " + within(heartbeats_.timeout()), now.at);
    case heartbeat_monitor::action::ask: break;
  }
  uint32_t id;
  do id = channel_.next_request_id();
  while (heartbeats_.waiting_for(id));
  const wire::heartbeat ask{now.unix_ms, static_cast<int32_t>(id & 0x7fffffffu)};
  const auto timeout = std::min<int64_t>(heartbeats_.timeout().count(), wire::max_timeout_ms);
  channel_.output().trim();
  channel_.send_request(heartbeat_cmd, id, static_cast<uint16_t>(timeout), channel_.encode(ask));
  heartbeats_.asked(id, now.at);
}

// Remembers what was refused, so that offer_room() can tell when it fits.
bool server_session::has_room(size_t body_size) {
  if (channel_.has_room(body_size)) return true;
  wants_room_ = true;
  refused_bytes_ = std::max(refused_bytes_, body_size);
  return false;
}

// Not before what was refused fits, or the host would only be refused again.
void server_session::offer_room() {
  if (!wants_room_ || state_ != state::ready) return;
  if (channel_.output().size() > options_->limits.max_send_queue_bytes / 2 || !channel_.has_room(refused_bytes_))
    return;
  wants_room_ = false;
  refused_bytes_ = 0;
  queued_.add(writable_event{});
}

void server_session::pause_reading() {
  heartbeats_.pause();
  paused_ = true;
}

void server_session::resume_reading(time_point now) {
  heartbeats_.resume(now);
  paused_ = false;
  if (awaits_first()) phase_deadline_ = now + options_->auth_timeout;
}

time_point server_session::deadline() const {
  if (!queued_.empty()) return time_point::min();
  const time_point phase = paused_ && awaits_first() ? never : phase_deadline_;
  return std::min({phase, expires_at_, heartbeats_.deadline(), requests_.deadline()});
}

void server_session::flush_queued(event_batch& batch) {
  if (!queued_.empty()) batch.append(queued_);
}

}  // namespace lbwire::session
