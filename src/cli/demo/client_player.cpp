#include "demo/client_player.h"

#include <utility>

namespace lbwire::cli {

namespace {

constexpr uint32_t request_timeout_ms = 5000;

void give_token(lbw_client client, const lbw_token_event* event, void* user) {
  note_event(client, event, user);
  const std::string token = static_cast<listener*>(user)->tokens();
  lbw_client_set_token(client, token.data(), token.size());
}

void set_handlers(lbw_client client, std::unique_ptr<listener> to) {
  check(lbw_client_on_released(client, let_go, to.get()), "on_released");
  listener* const user = to.release();
  check(lbw_client_on_state(client, note_event<lbw_state_event>, user), "on_state");
  check(lbw_client_on_session(client, note_event<lbw_session_event>, user), "on_session");
  check(lbw_client_on_close(client, note_event<lbw_close_event>, user), "on_close");
  check(lbw_client_on_heartbeat(client, note_event<lbw_heartbeat_event>, user), "on_heartbeat");
  check(lbw_client_on_push(client, note_event<lbw_push_event>, user), "on_push");
  check(lbw_client_on_token(client, give_token, user), "on_token");
}

}  // namespace

client_player::client_player(std::shared_ptr<journal> events, std::string name, const json& config, token_supply tokens)
    : events_(std::move(events)), name_(std::move(name)), client_(create_client(to_line(config))) {
  set_handlers(client_.get(), std::make_unique<listener>(listener{events_, name_, std::move(tokens)}));
}

client_player::~client_player() {
  { const client_handle ended = std::move(client_); }
  await_release(*events_, name_);
}

void client_player::connect() {
  check(lbw_client_connect(client_.get()), "connect");
}

void client_player::request(uint8_t cmd, std::string_view body) {
  auto to = std::make_unique<listener>(listener{events_, name_, {}});
  const auto on_response = [](lbw_client, const lbw_response_event* event, void* user) {
    note(user, to_json(*event));
    const std::unique_ptr<listener> once(static_cast<listener*>(user));  // a request ends once
  };
  check(lbw_client_request(client_.get(), cmd, body.data(), body.size(), request_timeout_ms, on_response, to.get(),
                           nullptr),
        "request");
  static_cast<void>(to.release());
}

json client_player::exported_session() const {
  const auto fill = [this](char* buf, size_t cap, size_t* len) {
    return lbw_client_export_session(client_.get(), buf, cap, len);
  };
  return json::parse(read_text(fill, "export_session"));
}

}  // namespace lbwire::cli
