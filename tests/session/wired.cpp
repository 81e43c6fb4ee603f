#include "wired.h"

#include <algorithm>
#include <stdexcept>

namespace lbwire::session {

namespace {

void put(std::deque<uint8_t>& way, send_buffer& output) {
  way.insert(way.end(), output.pending().begin(), output.pending().end());
}

// The next piece that the network delivers, in a block of its own.
byte_string take(std::deque<uint8_t>& way, const std::function<size_t(size_t)>& piece) {
  const size_t size = std::clamp<size_t>(piece(way.size()), 1, way.size());
  byte_string out(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(size));
  way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(size));
  return out;
}

}  // namespace

wired::wired() {
  random.value = 0;
}

client_session& wired::client() {
  if (!client_) {
    client_.emplace(std::make_shared<const client_options>(client_opts), random);
    client_->set_token_source(true);
  }
  return *client_;
}

std::string wired::issue_token() {
  std::string token = "token-" + std::to_string(++store.given);
  store.tokens.insert(token);
  return token;
}

void wired::run() {
  for (int turns = 0; turn(); ++turns) {
    if (turns > 10000) throw std::runtime_error("the two never come to rest");
  }
}

// One round over everything that may have something to do; false if nothing had.
bool wired::turn() {
  bool moved = false;
  if (client().due(clock.at())) {
    event_batch batch;
    client().tick(clock.now(), batch);
    look_at_client(batch);
    moved = true;
  }
  if (client().connection() != connection_) {
    moved = true;
    if (connection_ != 0 && !links_.empty() && links_.back().number == connection_) {
      put(links_.back().up, client().output());
      links_.back().open = false;
      if (!holding) move_up(links_.size() - 1);
      if (!silent_loss) drop(links_.back(), "closed by the client");
    }
    connection_ = client().connection();
    if (connection_ != 0 && accepting) {
      accept_connection(connection_);
      client().connected(connection_, clock.now());
    } else if (connection_ != 0) {
      client().connect_failed(connection_, LBW_CAUSE_CONNECT_FAILED, "refused", clock.now());
    }
  }
  for (size_t i = 0; i < links_.size(); ++i) {
    link& l = links_[i];
    if (l.server->due(clock.at())) {
      event_batch batch;
      l.server->tick(clock.now(), batch);
      look_at(i, batch);
      moved = true;
    }
    if (!l.open) continue;
    moved |= move_up(i);
    moved |= move_down(l);
    if (l.open && l.server->over()) {
      drop(l, "closed by the gateway");
      moved = true;
    }
  }
  return moved;
}

wired::link& wired::accept_connection(uint64_t number) {
  link& l = links_.emplace_back();
  l.number = number;
  l.server = std::make_unique<server_session>(std::make_shared<const server_options>(server_opts), clock.at());
  return l;
}

void wired::take_over(std::string session_id) {
  const auto shake = wire::encode_handshake({});
  const byte_string first = encoded(
      request_packet(number(wire::command::reconnect), 1, body_of(wire::reconnect_request{std::move(session_id), {}})));
  link& other = accept_connection(0);
  other.up.insert(other.up.end(), shake.begin(), shake.end());
  other.up.insert(other.up.end(), first.begin(), first.end());
  run();
}

bool wired::move_up(size_t index) {
  link& l = links_[index];
  bool moved = false;
  if (l.open && !client().output().empty() && l.number == client().connection()) {
    put(l.up, client().output());
    client().sent(client().output().size());
    moved = true;
  }
  while (!holding && !l.up.empty() && l.server->wants_packets()) {
    const auto block = std::make_unique<byte_string>(take(l.up, piece));
    l.server->feed(*block);
    for (bool more = true; more;) {
      event_batch batch;
      more = l.server->receive(clock.now(), batch);
      look_at(index, batch);
    }
    const bytes rest = l.server->take_back();
    l.up.insert(l.up.begin(), rest.begin(), rest.end());
    l.server->release();
    moved = true;
  }
  return moved;
}

bool wired::move_down(link& l) {
  bool moved = false;
  if (!l.server->output().empty()) {
    put(l.down, l.server->output());
    l.server->sent(l.server->output().size());
    moved = true;
  }
  while (!holding && !l.down.empty() && l.number == client().connection()) {
    const auto block = std::make_unique<byte_string>(take(l.down, piece));
    client().feed(*block);
    for (bool more = true; more;) {
      event_batch batch;
      more = client().receive(clock.now(), batch);
      look_at_client(batch);
    }
    client().take_back();
    client().release();
    moved = true;
  }
  // Said its last, and all of it was read: the gateway drops the connection.
  if (l.open && l.server->closing() && l.down.empty() && l.number != client().connection()) drop(l, "closed");
  return moved;
}

void wired::look_at(size_t index, const event_batch& batch) {
  links_[index].events.add(batch);
  for (const event& e : batch) {
    if (const auto* asked = std::get_if<admission_event>(&e)) decide(index, *asked);
    if (const auto* request = std::get_if<request_event>(&e)) {
      if (on_request) on_request(index, *request);
      if (answering) links_[index].server->respond(request->request_id, 0, request->body);
    }
  }
}

void wired::decide(size_t index, const admission_event& asked) {
  server_session& server = *links_[index].server;
  const std::string credential(asked.credential);
  ++store.presented[credential];
  if (asked.kind == LBW_SESSION_AUTH) {
    if (store.tokens.erase(credential) == 0) return server.refuse(LBW_CLOSE_AUTH_ERROR, "unknown token", clock.at());
    return grant(index, LBW_SESSION_AUTH, index);
  }
  const auto found = store.sessions.find(credential);
  if (found == store.sessions.end() || clock.at() >= found->second.expires_at)
    return server.refuse(LBW_CLOSE_SESSION_EXPIRED, "unknown or expired session", clock.at());
  const size_t replaced = found->second.owner;
  store.sessions.erase(found);
  grant(index, LBW_SESSION_RECONNECT, replaced);
}

void wired::grant(size_t index, int32_t kind, size_t replaced) {
  if (replaced != index) links_[replaced].server->close(LBW_CLOSE_CONNECT_DUPLICATE, "taken over", clock.at());
  const std::string id = "session-" + std::to_string(store.sessions.size()) + "-" + std::to_string(++store.given);
  const int64_t expires_ms = clock.now().unix_ms + store.valid.count();
  store.sessions[id] = {expires_ms, clock.at() + store.valid, index};
  links_[index].server->accept({kind, id, expires_ms, clock.at() + store.valid, 10, 1}, clock.now());
}

void wired::look_at_client(event_batch& batch) {
  bool asked = false;
  for (const event& e : batch) asked |= std::holds_alternative<token_event>(e);
  client_events.take(batch);
  if (!asked) return;
  if (std::string token = next_token(); !token.empty()) client().set_token(std::move(token));
}

void wired::drop(link& l, const char* why) {
  l.open = false;
  l.up.clear();
  l.down.clear();
  l.server->disconnected(why);
  client().disconnected(l.number, why, clock.now());
}

time_point wired::deadline() {
  time_point next = client().deadline();
  for (const link& l : links_) next = std::min(next, l.server->deadline());
  return next;
}

void wired::advance(duration d) {
  const time_point end = clock.at() + d;
  run();
  while (deadline() <= end) {
    clock.advance_to(deadline());
    run();
  }
  clock.advance_to(end);
  run();
}

void wired::cut() {
  run();
  drop(links_.back(), "cut");
  run();
}

bool wired::get_ready() {
  for (int i = 0; i < 1000; ++i) {
    run();
    if (client().state() == LBW_STATE_READY) return true;
    if (client().deadline() == never) return false;
    clock.advance_to(deadline());
  }
  return false;
}

uint64_t wired::ask(const byte_string& body, milliseconds timeout) {
  uint64_t ticket = 0;
  EXPECT_EQ(client().request(11, body, timeout, {}, clock.at(), ticket), LBW_OK);
  return ticket;
}

}  // namespace lbwire::session
