// Connections come and go: attempts, the credential that each presents, and what follows when one ends.
#include <algorithm>
#include <utility>

#include "session/client_session.h"

namespace lbwire::session {

namespace {

int32_t reauth_cause(int32_t code) {
  return code == LBW_CLOSE_SESSION_EXPIRED ? LBW_CAUSE_SESSION_EXPIRED : LBW_CAUSE_AUTH_REFUSED;
}

// All codes without a name are one reason together.
int32_t rule_code(int32_t code) {
  const bool unnamed = code > LBW_CLOSE_CONNECT_DUPLICATE || code == LBW_CLOSE_UNKNOWN;
  return unnamed ? unknown_close_code : code;
}

}  // namespace

bool client_session::connect() {
  if (state_ != LBW_STATE_IDLE && state_ != LBW_STATE_CLOSED && state_ != LBW_STATE_FAILED) return false;
  stabilized();
  must_reauth_ = false;
  lost_since_session_ = 0;
  start_asked_ = true;
  token_cause_ = LBW_CAUSE_CONNECT_CALLED;
  enter(LBW_STATE_CONNECTING, LBW_CAUSE_CONNECT_CALLED);
  return true;
}

void client_session::disconnect() {
  if (state_ == LBW_STATE_IDLE || state_ == LBW_STATE_CLOSED || state_ == LBW_STATE_FAILED) return;
  start_asked_ = false;
  if (established()) {
    queued_.add(close_event{LBW_CLOSE_DISCONNECTED, LBW_ORIGIN_LOCAL, false, 0, "disconnected by the host"});
  }
  drop_connection();
  end_requests(LBW_ERR_CANCELLED, true);
  enter(LBW_STATE_CLOSED, LBW_CAUSE_DISCONNECT_CALLED);
}

void client_session::set_token(std::string token) {
  token_ = std::move(token);
}

std::optional<resumable_session> client_session::resumable() const {
  if (resumable_.id.empty()) return std::nullopt;
  return resumable_;
}

bool client_session::established() const {
  return phase_ == phase::authenticating || phase_ == phase::refused || state_ == LBW_STATE_READY;
}

void client_session::begin_attempt(int32_t cause, instant now) {
  phase_deadline_ = never;
  ++attempts_;
  if (state_ != LBW_STATE_CONNECTING) enter(LBW_STATE_CONNECTING, cause);
  with_session_ = !must_reauth_ && resumable_.usable(now.unix_ms);
  if (with_session_) return open(now);

  if (!resumable_.id.empty()) {
    if (!must_reauth_) token_cause_ = LBW_CAUSE_SESSION_EXPIRED;
    resumable_ = {};
  }
  if (token_) return open(now);
  if (!has_token_source_) {
    return give_up(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE,
                   "a fresh token is needed, and there is no handler to ask for one");
  }
  phase_ = phase::want_token;
  phase_deadline_ = now.at + options_->token_timeout;
  queued_.add(token_event{token_cause_});
}

void client_session::open(instant now) {
  phase_ = phase::opening;
  phase_deadline_ = now.at + options_->connect_timeout;
  connection_ = ++connections_;
  ++counters_.connects;
}

void client_session::connected(uint64_t connection, instant now) {
  if (connection != connection_ || phase_ != phase::opening) return;
  channel_.reset(options_->handshake);
  phase_ = phase::authenticating;
  phase_deadline_ = now.at + options_->auth_timeout;
  enter(LBW_STATE_AUTHENTICATING, LBW_CAUSE_CONNECTED);

  // The handshake has no answer, so the first packet goes with it.
  channel_.send_raw(wire::encode_handshake(options_->handshake));
  admission_id_ = channel_.next_request_id();
  const auto timeout = static_cast<uint16_t>(std::min<int64_t>(options_->auth_timeout.count(), wire::max_timeout_ms));
  if (with_session_) {
    const wire::reconnect_request ask{resumable_.id, options_->metadata};
    channel_.send_request(admission_cmd(), admission_id_, timeout, channel_.encode(ask));
  } else {
    const wire::auth_request ask{token_.value_or(""), options_->metadata};
    channel_.send_request(admission_cmd(), admission_id_, timeout, channel_.encode(ask));
    token_.reset();  // it works once
  }
}

void client_session::ready(wire::auth_response answer, instant now) {
  phase_ = phase::none;
  phase_deadline_ = never;
  stable_at_ = now.at + options_->reconnect.stable;
  must_reauth_ = false;
  resumable_ = {std::move(answer.session_id), answer.expires};
  rtt_ = {};
  heartbeats_.start(options_->heartbeat, now.at);
  ++counters_.sessions;
  queued_.add(session_event{with_session_ ? LBW_SESSION_RECONNECT : LBW_SESSION_AUTH, lost_since_session_,
                            answer.expires, answer.limit, answer.online, queued_.keep(resumable_.id)});
  lost_since_session_ = 0;
  enter(LBW_STATE_READY, with_session_ ? LBW_CAUSE_RECONNECTED : LBW_CAUSE_AUTHENTICATED);
  send_waiting();
}

void client_session::stabilized() {
  stable_at_ = never;
  attempts_ = retries_ = auth_errors_ = unpack_errors_ = 0;
  used_at_once_.clear();
}

void client_session::connect_failed(uint64_t connection, int32_t cause, std::string detail, instant now) {
  if (connection == connection_ && phase_ == phase::opening) attempt_failed(cause, std::move(detail), now);
}

void client_session::disconnected(uint64_t connection, std::string detail, instant now) {
  if (connection != connection_ || !established()) return;
  if (phase_ == phase::refused) return end(std::move(refusal_), now);
  end({LBW_CLOSE_CONNECTION_LOST, LBW_ORIGIN_PEER, LBW_CAUSE_CONNECTION_LOST, std::move(detail)}, now);
}

void client_session::attempt_failed(int32_t cause, std::string detail, instant now) {
  drop_connection();
  const verdict next = judge(default_close_rule(LBW_CLOSE_CONNECTION_LOST), LBW_CLOSE_CONNECTION_LOST, cause, now);
  follow(next, std::move(detail), now);
}

void client_session::end(ending why, instant now) {
  if (now.at >= stable_at_) stabilized();
  int32_t code = rule_code(why.code);
  // A refusal stays one whatever Close follows it.
  if (phase_ == phase::refused && refusal_.cause != LBW_CAUSE_PEER_CLOSED) code = refusal_.code;
  // A session that is refused is no reason to doubt tokens.
  if (with_session_ && code == LBW_CLOSE_AUTH_ERROR && state_ != LBW_STATE_READY) code = LBW_CLOSE_SESSION_EXPIRED;
  const uint32_t lost = requests_on_wire();
  lost_since_session_ += lost;

  drop_connection();
  const verdict next = judge(close_rule_for(code, options_->reconnect.on), code, why.cause, now);
  queued_.add(close_event{why.code, why.origin, next.state == LBW_STATE_BACKING_OFF, lost, queued_.keep(why.reason)});
  end_requests(LBW_ERR_DISCONNECTED, false);
  follow(next, std::move(why.reason), now);
}

client_session::verdict client_session::judge(const close_rule& rule, int32_t code, int32_t cause, instant now) {
  const bool reauth = rule.action == close_action::reauth || rule.action == close_action::reauth_at_once;
  if (reauth) {
    must_reauth_ = true;
    token_cause_ = reauth_cause(code);
    resumable_ = {};
  }
  if (code == LBW_CLOSE_CONNECT_DUPLICATE && rule.action == close_action::stop)
    resumable_ = {};  // it is the other connection's now
  if (!options_->reconnect.enabled || rule.action == close_action::stop) return {LBW_STATE_CLOSED, cause};
  if (code == LBW_CLOSE_AUTH_ERROR && ++auth_errors_ >= rule.fail_after && rule.fail_after != 0)
    return {LBW_STATE_FAILED, LBW_CAUSE_AUTH_REFUSED};
  if (code == LBW_CLOSE_UNPACK_ERROR && ++unpack_errors_ >= rule.fail_after && rule.fail_after != 0)
    return {LBW_STATE_FAILED, LBW_CAUSE_PROTOCOL_ERROR};
  if (!resumable_.usable(now.unix_ms) && !token_ && !has_token_source_)
    return {LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE};
  if (options_->reconnect.max_attempts != 0 && attempts_ >= options_->reconnect.max_attempts)
    return {LBW_STATE_FAILED, LBW_CAUSE_RETRIES_EXHAUSTED};
  return {LBW_STATE_BACKING_OFF, cause, next_delay(rule, code)};
}

milliseconds client_session::next_delay(const close_rule& rule, int32_t code) {
  const bool at_once = rule.action == close_action::resume_at_once || rule.action == close_action::reauth_at_once;
  if (at_once) {
    const bool first = used_at_once_.insert(code).second;
    retries_ = std::max(retries_, 1u);
    if (first) return milliseconds(0);
  }
  retries_ = std::max(retries_, rule.first_retry);
  return back_off_delay(options_->reconnect.back_off, retries_++, random_);
}

void client_session::follow(const verdict& next, std::string detail, instant now) {
  if (next.state != LBW_STATE_BACKING_OFF) return give_up(next.state, next.cause, std::move(detail));
  phase_deadline_ = now.at + next.delay;
  enter(LBW_STATE_BACKING_OFF, next.cause, std::move(detail), static_cast<uint32_t>(next.delay.count()));
}

void client_session::give_up(int32_t state, int32_t cause, std::string detail) {
  drop_connection();
  end_requests(LBW_ERR_DISCONNECTED, true);
  enter(state, cause, std::move(detail));
}

void client_session::drop_connection() {
  connection_ = 0;
  phase_ = phase::none;
  phase_deadline_ = never;
  stable_at_ = never;
  heartbeats_.stop();
}

void client_session::enter(int32_t state, int32_t cause, std::string detail, uint32_t delay_ms) {
  const int32_t previous = std::exchange(state_, state);
  queued_.add(state_event{state, previous, cause, attempts_, delay_ms, queued_.keep(std::move(detail))});
}

}  // namespace lbwire::session
