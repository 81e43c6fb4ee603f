// Two machines and the link between them: a client session, a gateway of server sessions with a small store, and a
// network that the test can slow down, cut in pieces, hold or break.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "fixture.h"
#include "session/client_session.h"
#include "session/server_session.h"

namespace lbwire::session {

// Tokens that work once, and the sessions that were given out.
struct small_store {
  std::set<std::string> tokens;
  struct entry {
    int64_t expires_ms = 0;
    time_point expires_at = never;
    size_t owner = 0;  // the connection that lives by it
  };
  std::map<std::string, entry> sessions;
  milliseconds valid{3'600'000};
  int given = 0;
  std::map<std::string, int> presented;  // how often each credential came
};

class wired {
 public:
  wired();

  // Before the first run.
  client_options client_opts;
  server_options server_opts;

  fake_clock clock;
  chosen_random random;
  small_store store;
  event_log client_events;
  std::function<size_t(size_t)> piece = [](size_t waiting) { return waiting; };  // bytes to deliver next
  std::function<std::string()> next_token = [this] { return issue_token(); };    // "" for none
  bool accepting = true;                                                         // whether connects succeed
  bool holding = false;                                                          // bytes stay on the way
  bool silent_loss = false;  // the gateway does not notice that the client dropped a connection
  bool answering = true;     // the gateway's handler echoes each request
  std::function<void(size_t connection, const request_event&)> on_request;

  client_session& client();
  // The gateway's end of the latest connection, or of an older one.
  server_session& server() { return *links_.back().server; }
  server_session& server(size_t connection) { return *links_.at(connection).server; }
  event_log& server_events() { return links_.back().events; }
  event_log& server_events(size_t connection) { return links_.at(connection).events; }
  size_t connections() const { return links_.size(); }

  std::string issue_token();
  void connect() { client().connect(), run(); }
  // Until nothing moves any more. Throws if that does not come.
  void run();
  // Time passes, every deadline on the way noticed when it comes.
  void advance(duration d);
  // Another client comes to the gateway with this session.
  void take_over(std::string session_id);
  // Breaks the latest connection: what is on its way is lost.
  void cut();
  // Runs, and lets time pass, until the client is ready; false if it does not get there within a day.
  bool get_ready();

  uint64_t ask(const byte_string& body, milliseconds timeout = milliseconds(60000));

 private:
  struct link {
    uint64_t number = 0;  // the client's name for it
    std::unique_ptr<server_session> server;
    std::deque<uint8_t> up, down;
    event_log events;
    bool open = true;
  };

  bool turn();
  link& accept_connection(uint64_t number);
  bool move_up(size_t index);
  bool move_down(link& l);
  void look_at(size_t index, const event_batch& batch);
  void decide(size_t index, const admission_event& asked);
  void grant(size_t index, int32_t kind, size_t replaced);
  void look_at_client(event_batch& batch);
  void drop(link& l, const char* why);
  time_point deadline();

  std::optional<client_session> client_;
  std::deque<link> links_;
  uint64_t connection_ = 0;
};

}  // namespace lbwire::session
