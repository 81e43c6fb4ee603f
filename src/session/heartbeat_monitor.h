// When to ask the peer whether it is there, and when to give it up. The same on both ends.
//
// A connection is silent while no packet ends and no large part of one arrives: a peer that sends a byte a second does
// not count as alive. After `interval` of silence we ask; after `timeout` without an answer and without any other sign
// of life, the peer is dead. With other signs (the answer may be stuck behind a long queue of pushes) we ask anew, once
// it is silent again.
#pragma once

#include <algorithm>
#include <optional>

#include "session/clock.h"

namespace lbwire::session {

struct heartbeat_options {
  milliseconds interval{30000};  // 0: never ask
  milliseconds timeout{10000};
};

class heartbeat_monitor {
 public:
  enum class action { none, ask, give_up };

  void start(const heartbeat_options& options, time_point now) {
    interval_ = options.interval;
    timeout_ = options.timeout;
    heard_ = now;
    running_ = options.interval.count() > 0;
    asked_.reset();
  }
  void stop() {
    running_ = false;
    asked_.reset();
  }

  void heard(time_point now) { heard_ = now; }

  // While we do not read, silence is ours and not the peer's.
  void pause() { paused_ = true; }
  void resume(time_point now) {
    paused_ = false;
    heard_ = resumed_ = now;
  }

  time_point deadline() const {
    if (!running_ || paused_) return never;
    return asked_ ? std::max(asked_at_, resumed_) + timeout_ : heard_ + interval_;
  }

  action due(time_point now) {
    if (now < deadline()) return action::none;
    if (asked_ && heard_ > asked_at_ && heard_ > resumed_) {
      asked_.reset();
      if (now < deadline()) return action::none;
    }
    return asked_ ? action::give_up : action::ask;
  }

  void asked(uint32_t request_id, time_point now) {
    asked_ = request_id;
    asked_at_ = now;
  }
  bool waiting_for(uint32_t request_id) const { return asked_ == request_id; }

  // The round trip, if this answers what we asked.
  std::optional<duration> answered(uint32_t request_id, time_point now) {
    if (asked_ != request_id) return std::nullopt;
    asked_.reset();
    return now - asked_at_;
  }

  milliseconds timeout() const { return timeout_; }

 private:
  milliseconds interval_{0}, timeout_{0};
  time_point heard_{}, asked_at_{}, resumed_{};
  std::optional<uint32_t> asked_;
  bool running_ = false, paused_ = false;
};

}  // namespace lbwire::session
