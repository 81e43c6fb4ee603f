// What the host asks of a gateway, and what its connections ask. Listening and stopping: listener.cpp.
#include "gateway/gateway.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/memory_session_store.h"

namespace lbwire::gateway {

namespace {

constexpr unsigned connection_kind = 3;  // of handles; 1 and 2 are clients and gateways

}  // namespace

std::shared_ptr<gateway> gateway::create(options o) {
  auto created = std::make_shared<gateway>(std::move(o));
  if (created->queue_) {
    created->queue_->on_room([weak = created->weak_from_this()] {
      if (const auto alive = weak.lock()) alive->host_takes_events();
    });
  }
  for (unsigned i = 0; i < created->options_.threads; ++i)
    created->loops_.push_back(std::make_shared<::lbwire::link::loop>("lbwire-gw-" + std::to_string(i)));
  return created;
}

gateway::gateway(options o)
    : options_(std::move(o)),
      session_options_(std::make_shared<session::server_options>(options_.session_options)),
      queue_(options_.delivery.by_queue
                 ? std::make_shared<host::event_queue>(options_.delivery.max_queue_bytes, options_.delivery.overflow)
                 : nullptr),
      sessions_(std::make_unique<memory_session_store>(options_.max_sessions)),
      tokens_(options_.tokens, options_.max_tokens),
      connections_(connection_kind) {}

// ---- the host ----

std::optional<std::string> gateway::issue_token() {
  std::string token = random_secret();
  if (tokens_.add(token) != token_list::added::yes) return std::nullopt;
  return token;
}

lbw_status gateway::accept(uint64_t connection) {
  const auto found = connections_.find(connection);
  if (!found) return LBW_ERR_NOT_FOUND;
  const lbw_status status = admit(*found, connection, LBW_SESSION_AUTH);
  if (status == LBW_OK) ++counters_.auths;
  return status;
}

lbw_status gateway::refuse(uint64_t connection, std::string reason) {
  const auto found = connections_.find(connection);
  if (!found) return LBW_ERR_NOT_FOUND;
  const lbw_status status = found->refuse(LBW_CLOSE_AUTH_ERROR, std::move(reason));
  if (status == LBW_OK) ++counters_.refused;
  return status;
}

lbw_status gateway::respond(uint64_t connection, uint32_t request_id, uint8_t status, session::bytes body) {
  const auto found = connections_.find(connection);
  return found ? found->respond(request_id, status, body) : LBW_ERR_NOT_FOUND;
}

lbw_status gateway::push(uint64_t connection, uint8_t cmd, session::bytes body) {
  const auto found = connections_.find(connection);
  if (!found) return LBW_ERR_NOT_FOUND;
  const lbw_status status = found->push(cmd, body);
  if (status == LBW_OK) counters_.pushes.fetch_add(1, std::memory_order_relaxed);
  return status;
}

lbw_status gateway::broadcast(uint8_t cmd, session::bytes body, uint64_t& sent) {
  lbw_status result = LBW_OK;
  sent = 0;
  connections_.for_each([&](uint64_t, connection& c) {
    const lbw_status status = c.push(cmd, body);
    if (status == LBW_OK)
      ++sent;
    else if (status != LBW_ERR_NOT_FOUND)  // which is: not authenticated yet, or closing, and so not meant
      result = status;
  });
  counters_.pushes.fetch_add(sent, std::memory_order_relaxed);
  return result;
}

lbw_status gateway::close(uint64_t connection, int32_t code, std::string reason) {
  const auto found = connections_.find(connection);
  if (!found) return LBW_ERR_NOT_FOUND;
  // Whoever is told that he is not authenticated, or no longer, must not come back by the session that he had.
  if (code == LBW_CLOSE_AUTH_ERROR || code == LBW_CLOSE_SESSION_EXPIRED)
    sessions_->take(found->session_id(), ::lbwire::link::now().at);
  return found->close(code, std::move(reason));
}

std::vector<connection_info> gateway::connections() const {
  std::vector<connection_info> out;
  connections_.for_each([&](uint64_t handle, connection& c) {
    out.push_back({handle, c.peer(), c.ready(), c.expires_ms(), c.rtt_us()});
  });
  return out;
}

lbw_gateway_stats gateway::stats() const {
  lbw_gateway_stats out{};
  out.size = sizeof out;
  {
    const std::lock_guard held(mutex_);
    out.listening = state_ == state::listening ? 1 : 0;
  }
  out.connections = open_;
  out.authenticated = authenticated_;
  out.sessions = sessions_->size();
  out.accepted = counters_.accepted;
  out.auths = counters_.auths;
  out.reconnects = counters_.reconnects;
  out.refused = counters_.refused;
  for (size_t i = 0; i < counters_.closes.size(); ++i) out.closes[i] = counters_.closes[i];
  out.closes_other = counters_.closes_other;
  out.lost = counters_.lost;
  out.requests = counters_.requests;
  out.pushes = counters_.pushes;
  return out;
}

// ---- its connections ----

session::granted_session gateway::grant(uint64_t connection, int32_t kind) {
  const session::instant now = ::lbwire::link::now();
  session::granted_session granted;
  granted.kind = kind;
  granted.id = random_secret();
  granted.expires_ms = now.unix_ms + options_.session_ttl.count();
  granted.expires_at = now.at + options_.session_ttl;
  granted.limit = options_.limit;
  granted.online = static_cast<uint32_t>(authenticated_.load() + 1);
  sessions_->put({granted.id, granted.expires_at, connection}, now.at);
  return granted;
}

lbw_status gateway::admit(connection& c, uint64_t handle, int32_t kind) {
  if (!c.deciding()) return LBW_ERR_NOT_FOUND;
  const session::granted_session granted = grant(handle, kind);
  const lbw_status status = c.accept(granted);
  // It does not wait to be let in (any more): nobody will ever hear of this session.
  if (status != LBW_OK) sessions_->take(granted.id, ::lbwire::link::now().at);
  return status;
}

void gateway::admit_token(connection& c, uint64_t handle, std::string_view token, const wire::string_map& metadata) {
  if (tokens_.use(token)) {
    ++counters_.auths;
    admit(c, handle, LBW_SESSION_AUTH);
    return;
  }
  if (!queue_ && !handlers_.on_auth.call) {
    ++counters_.refused;
    c.refuse(LBW_CLOSE_AUTH_ERROR, "the token is not valid, or was used already");
    return;
  }
  const std::string metadata_json =
      nlohmann::json(metadata).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  auto event = ::lbwire::link::blank<lbw_auth_event>(LBW_EVENT_AUTH);
  event.connection = handle;
  event.token = ::lbwire::link::text(token);
  event.token_len = ::lbwire::link::length(token);
  event.metadata = metadata_json.c_str();
  event.metadata_len = ::lbwire::link::length(metadata_json);
  event.peer = c.peer().c_str();
  event.peer_len = ::lbwire::link::length(c.peer());
  give(event, &handlers::on_auth);
}

void gateway::admit_session(connection& c, uint64_t handle, std::string_view id) {
  auto stored = sessions_->take(id, ::lbwire::link::now().at);
  if (!stored) {
    ++counters_.refused;
    c.refuse(LBW_CLOSE_SESSION_EXPIRED, "the session has expired, was replaced, or never was");
    return;
  }
  // The older connection, if it is still there, learns that it has lost the session.
  if (const auto older = connections_.find(stored->connection)) {
    older->close(LBW_CLOSE_CONNECT_DUPLICATE, "another connection took the session over");
  }
  if (admit(c, handle, LBW_SESSION_RECONNECT) == LBW_OK)
    ++counters_.reconnects;
  else
    sessions_->put(std::move(*stored), ::lbwire::link::now().at);  // gone before it got the new one
}

int32_t gateway::give_request(const lbw_request_event& event) {
  counters_.requests.fetch_add(1, std::memory_order_relaxed);
  if (queue_) {
    ::lbwire::link::enqueue(*queue_, event);
    return 0;
  }
  const auto& [call, user] = handlers_.on_request;
  if (call) return call(handle_, &event, user);
  if (const auto found = connections_.find(event.connection))
    found->respond_error(event.request_id, wire::status_code::bad_request, "this gateway answers no requests");
  return 0;
}

void gateway::count_close(const session::close_event& e, bool was_ready) {
  if (was_ready) --authenticated_;
  if (e.origin == LBW_ORIGIN_PEER)
    ++counters_.lost;
  else if (e.code >= 0 && e.code < static_cast<int32_t>(counters_.closes.size()))
    ++counters_.closes[static_cast<size_t>(e.code)];
  else
    ++counters_.closes_other;
}

void gateway::connection_gone(uint64_t handle) {
  connections_.remove(handle);
  --open_;
  check_stopped();
}

void gateway::host_takes_events() {
  connections_.for_each([](uint64_t, connection& c) { c.resume(); });
  const std::lock_guard held(mutex_);
  if (state_ == state::listening && std::exchange(accept_waits_, false)) accept_next();
}

void gateway::log(int32_t level, const std::string& message) {
  if (level > options_.session_options.log_level) return;
  auto event = ::lbwire::link::blank<lbw_log_event>(LBW_EVENT_LOG);
  event.level = level;
  event.message = message.c_str();
  event.message_len = ::lbwire::link::length(message);
  give(event, &handlers::on_log);
}

}  // namespace lbwire::gateway
