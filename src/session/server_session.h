// The gateway's end of one connection: every rule of the protocol, no socket, no thread, no clock, and no store of
// tokens or sessions: it asks, in an admission event, and the driver answers with accept() or refuse().
//
// Bytes and the time go in; bytes to send, events and the next deadline come out, as in client_session.
#pragma once

#include <memory>
#include <string>

#include "session/request_table.h"
#include "session/round_trip.h"
#include "session/server_options.h"

namespace lbwire::session {

// A session as a gateway gives it out.
struct granted_session {
  int32_t kind = LBW_SESSION_AUTH;
  std::string id;
  int64_t expires_ms = 0;         // Unix time, for the client
  time_point expires_at = never;  // the same moment by the monotonic clock: then the session is over
  uint32_t limit = 0, online = 0;
};

struct server_counters {
  uint64_t requests = 0, pushes = 0;
};

class server_session {
 public:
  server_session(std::shared_ptr<const server_options> options, time_point now);

  // ---- the driver ----

  void feed(bytes in) { channel_.feed(in); }
  // As in client_session; also stops, with packets left, while an admission waits for its answer.
  bool receive(instant now, event_batch& batch);
  bytes take_back() { return channel_.take_back(); }
  // False while packets must wait for an answer to an admission, or are discarded.
  bool wants_packets() const { return state_ == state::handshake || state_ == state::first || state_ == state::ready; }
  bool discards() const { return closing(); }
  void release() { channel_.release(); }
  // While the host keeps us from reading, neither silence nor a first packet that does not come is the peer's fault.
  void pause_reading();
  void resume_reading(time_point now);

  void tick(instant now, event_batch& batch);
  time_point deadline() const;
  bool due(time_point now) const { return !queued_.empty() || now >= deadline(); }

  send_buffer& output() { return channel_.output(); }
  void sent(size_t count) {
    channel_.sent(count);
    offer_room();
  }
  void drained(time_point now) { heartbeats_.heard(now); }
  bool overfull() const { return channel_.overfull(); }

  void disconnected(std::string detail);
  // Said its last: once output() is sent, the driver shuts its half down, and drops the connection when over().
  bool closing() const { return state_ == state::closing || state_ == state::over; }
  bool over() const { return state_ == state::over; }

  // ---- answers to an admission ----

  bool deciding() const { return state_ == state::deciding; }
  void accept(const granted_session& granted, instant now);
  // Status unauthenticated, then Close with this code.
  void refuse(int32_t code, std::string reason, time_point now);

  // ---- the host ----

  bool ready() const { return state_ == state::ready; }
  lbw_status push(uint8_t cmd, bytes body);
  lbw_status respond(uint32_t request_id, uint8_t status, bytes body);
  void close(int32_t code, std::string reason, time_point now) {
    close(code, std::move(reason), now, options_->linger);
  }
  // The peer has `linger` to read what was sent to it.
  void close(int32_t code, std::string reason, time_point now, milliseconds linger);

  // ---- figures ----

  int64_t expires_ms() const { return expires_ms_; }
  const round_trip& rtt() const { return rtt_; }
  const server_counters& counters() const { return counters_; }
  const channel_counters& traffic() const { return channel_.counters(); }
  int32_t sent_close() const { return sent_close_; }  // the code of the Close that was sent, -1 for none
  packet_channel& channel() { return channel_; }      // tests

 private:
  enum class state : uint8_t { handshake, first, deciding, ready, closing, over };
  struct pending_request {
    uint8_t cmd = 0;
  };

  bool awaits_first() const { return state_ == state::handshake || state_ == state::first; }
  bool take_handshake(time_point now);
  void take(const wire::packet& p, instant now, event_batch& batch);
  void take_first(const wire::packet& p, instant now);
  template <class Message>
  void ask_admission(const wire::packet& p, int32_t kind, std::string Message::*credential, instant now);
  void take_request(const wire::packet& p, instant now, event_batch& batch);
  void take_business(const wire::packet& p, instant now, event_batch& batch);
  void take_response(const wire::packet& p, instant now);
  void answer_error(uint8_t cmd, uint32_t request_id, wire::status_code status, std::string text);
  void beat(instant now);
  bool has_room(size_t body_size);
  void offer_room();
  void flush_queued(event_batch& batch);

  std::shared_ptr<const server_options> options_;
  packet_channel channel_;
  heartbeat_monitor heartbeats_;
  round_trip rtt_;
  server_counters counters_;
  request_table<pending_request> requests_;

  state state_ = state::handshake;
  uint8_t admission_cmd_ = 0;
  uint32_t admission_id_ = 0;
  int32_t sent_close_ = -1;
  bool wants_room_ = false;   // a push or an answer was refused for want of room
  size_t refused_bytes_ = 0;  // the largest body that was
  uint8_t handshake_bytes_ = 0;
  uint8_t handshake_first_ = 0;
  int64_t expires_ms_ = 0;
  time_point expires_at_ = never;
  time_point phase_deadline_;  // first packet, answer to the admission, end of the linger
  bool paused_ = false;
  event_batch queued_;
};

}  // namespace lbwire::session
