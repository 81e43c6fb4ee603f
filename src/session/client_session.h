// The client's end of a session, across as many connections as it takes: every rule of the protocol, no socket, no
// thread, no clock. Bytes and the time go in; bytes to send, events and the next deadline come out.
//
//   session.connect();                                  // the host's wish
//   for (;;) {
//     session.tick(now, batch);                         // when asked by deadline(), or after any call of the host's
//     if (session.connection() != mine) { close mine; if it is not 0, open a transport for it }
//     opened:   session.connected(id, now)
//     failed:   session.connect_failed(id, cause, detail, now)
//     received: session.feed(bytes); while (session.receive(now, batch)) hand the batch out
//     lost:     session.disconnected(id, detail, now)
//     send what session.output() holds
//   }
//
// Events come out of receive() and tick() alone; what other calls have to tell waits for the next of these, and makes
// deadline() due at once. Not thread-safe: its driver holds a lock, or is alone.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "session/client_options.h"
#include "session/request_table.h"
#include "session/round_trip.h"

namespace lbwire::session {

struct client_counters {
  uint64_t requests = 0, responses = 0, requests_timed_out = 0, requests_cancelled = 0, requests_lost = 0;
  uint64_t pushes = 0;
  uint64_t heartbeats_sent = 0, heartbeats_answered = 0, heartbeats_received = 0;
  uint64_t connects = 0, sessions = 0, responses_unexpected = 0;
};

class client_session {
 public:
  client_session(std::shared_ptr<const client_options> options, random_source& random);

  // ---- the host ----

  // Starts, or starts again after closed or failed; false in any other state.
  bool connect();
  // Ends in state closed. Requests end as cancelled; what waits to be sent stays in output().
  void disconnect();
  // The one-time token for the next auth.
  void set_token(std::string token);
  // Comes back with this session before it asks for a token. Before connect().
  void resume(resumable_session session) { resumable_ = std::move(session); }
  // Whether somebody will answer a token event. If not, needing one is a failure.
  void set_token_source(bool there_is_one) { has_token_source_ = there_is_one; }

  // The request's bytes are in output() when this returns LBW_OK, unless it waits for a session.
  lbw_status request(uint8_t cmd, bytes body, milliseconds timeout, completion done, time_point now, uint64_t& ticket);
  lbw_status cancel(uint64_t ticket);

  int32_t state() const { return state_; }
  // The session to come back with, if there is one.
  std::optional<resumable_session> resumable() const;

  // ---- the driver ----

  // The connection that is wanted: 0 none, else a number that is new for each connection.
  uint64_t connection() const { return connection_; }
  void connected(uint64_t connection, instant now);
  void connect_failed(uint64_t connection, int32_t cause, std::string detail, instant now);
  void disconnected(uint64_t connection, std::string detail, instant now);

  void feed(bytes in) { channel_.feed(in); }
  // Takes packets until all that was fed is taken (false) or the batch is full (true: call again).
  bool receive(instant now, event_batch& batch);
  // What was fed and not taken, for a driver that has to stop in the middle.
  bytes take_back() { return channel_.take_back(); }
  bool wants_packets() const { return connection_ != 0; }
  // Whatever still comes on the old connection is of no use.
  bool discards() const { return connection_ == 0; }
  // The events of the last receive() were dealt with.
  void release() { channel_.release(); }
  // The host does not keep up and the driver stops reading: silence of the peer means nothing.
  void pause_reading() { heartbeats_.pause(); }
  void resume_reading(time_point now) { heartbeats_.resume(now); }

  void tick(instant now, event_batch& batch);
  time_point deadline() const;
  bool due(time_point now) const { return !queued_.empty() || now >= deadline(); }

  send_buffer& output() { return channel_.output(); }
  void sent(size_t count) {
    channel_.sent(count);
    offer_room();
  }
  // The peer took bytes after the transport had been full: it is alive, whatever it says.
  void drained(time_point now) { heartbeats_.heard(now); }
  bool overfull() const { return channel_.overfull(); }

  // ---- figures ----

  const client_counters& counters() const { return counters_; }
  const channel_counters& traffic() const { return channel_.counters(); }
  const round_trip& rtt() const { return rtt_; }
  size_t requests_in_flight() const { return requests_.size(); }
  packet_channel& channel() { return channel_; }  // tests

 private:
  struct pending_request {
    completion done;
    uint8_t cmd = 0;
    uint16_t timeout_ms = 0;
  };
  enum class phase : uint8_t { none, want_token, opening, authenticating, refused };
  struct ending {
    int32_t code, origin, cause;
    std::string reason;
  };

  // What to do after a connection: back off and come back, or stay in a final state.
  struct verdict {
    int32_t state, cause;
    milliseconds delay{0};
  };
  using slot = request_table<pending_request>::slot;
  struct waiting_request {
    slot request;
    std::vector<uint8_t> body;
  };

  // client_session.cpp: packets and time
  uint8_t admission_cmd() const {
    return static_cast<uint8_t>(with_session_ ? wire::command::reconnect : wire::command::auth);
  }
  void take(const wire::packet& p, instant now, event_batch& batch);
  void take_push(const wire::packet& p, instant now, event_batch& batch);
  void take_response(const wire::packet& p, instant now, event_batch& batch);
  void take_heartbeat_answer(const wire::packet& p, instant now);
  void take_request(const wire::packet& p);
  void take_close(const wire::packet& p, instant now);
  void take_admission(const wire::packet& p, instant now);
  void phase_expired(instant now);
  void beat(instant now);
  uint32_t new_request_id();
  void flush_queued(event_batch& batch);
  void log(int32_t level, std::string message);

  // client_requests.cpp: requests of the host
  bool may_wait() const;
  bool has_room(size_t body_size) const;
  void send_request(slot s, bytes body);
  void send_waiting();
  void finish(slot s, lbw_status result);
  void forget_waiting(slot s);
  uint32_t requests_on_wire() const;
  void end_requests(lbw_status result, bool waiting_too);
  void offer_room();

  // client_reconnect.cpp: connections come and go
  bool established() const;
  void begin_attempt(int32_t cause, instant now);
  void open(instant now);
  void ready(wire::auth_response answer, instant now);
  void stabilized();
  void attempt_failed(int32_t cause, std::string detail, instant now);
  void end(ending why, instant now);
  verdict judge(const close_rule& rule, int32_t code, int32_t cause, instant now);
  milliseconds next_delay(const close_rule& rule, int32_t code);
  void follow(const verdict& next, std::string detail, instant now);
  void give_up(int32_t state, int32_t cause, std::string detail);
  void drop_connection();
  void enter(int32_t state, int32_t cause, std::string detail = {}, uint32_t delay_ms = 0);

  std::shared_ptr<const client_options> options_;
  random_source& random_;
  packet_channel channel_;
  heartbeat_monitor heartbeats_;
  round_trip rtt_;
  client_counters counters_;
  request_table<pending_request> requests_;
  std::list<waiting_request> waiting_;
  size_t waiting_bytes_ = 0;

  int32_t state_ = LBW_STATE_IDLE;
  phase phase_ = phase::none;
  bool has_token_source_ = false;
  bool start_asked_ = false;
  bool must_reauth_ = false;   // the next attempt takes a fresh token, not the session
  bool with_session_ = false;  // the attempt under way, or the last one, presents the session
  bool wants_room_ = false;    // a request was refused for want of room
  size_t refused_bytes_ = 0;   // the largest body that was
  int32_t token_cause_ = LBW_CAUSE_NONE;
  uint64_t connection_ = 0, connections_ = 0;
  uint32_t admission_id_ = 0;
  time_point phase_deadline_ = never;
  time_point stable_at_ = never;
  std::optional<std::string> token_;
  resumable_session resumable_;
  ending refusal_{};

  // Since the session was last stable.
  uint32_t attempts_ = 0;
  uint32_t retries_ = 0;  // where the back-off stands
  uint32_t auth_errors_ = 0, unpack_errors_ = 0;
  std::set<int32_t> used_at_once_;  // codes that had their attempt without delay

  uint32_t lost_since_session_ = 0;

  event_batch queued_;
};

}  // namespace lbwire::session
