#include "demo/gateway_player.h"

#include <utility>

namespace lbwire::cli {

namespace {

// The library accepts the tokens that it knows by itself, once each; what comes here is none of them.
void refuse(lbw_gateway gateway, const lbw_auth_event* event, void*) {
  lbw_gateway_refuse(gateway, event->connection, "the token is unknown, or was used already");
}

int32_t echo(lbw_gateway gateway, const lbw_request_event* event, void*) {
  if (event->cmd == gateway_player::failing_command) return 1;
  lbw_gateway_respond(gateway, event->connection, event->request_id, LBW_RESPONSE_SUCCESS, event->body,
                      event->body_len);
  return 0;
}

void set_handlers(lbw_gateway gateway, std::unique_ptr<listener> to) {
  check(lbw_gateway_on_released(gateway, let_go, to.get()), "on_released");
  listener* const user = to.release();
  check(lbw_gateway_on_auth(gateway, refuse, user), "on_auth");
  check(lbw_gateway_on_session(gateway, note_event<lbw_session_event>, user), "on_session");
  check(lbw_gateway_on_close(gateway, note_event<lbw_close_event>, user), "on_close");
  check(lbw_gateway_on_heartbeat(gateway, note_event<lbw_heartbeat_event>, user), "on_heartbeat");
  check(lbw_gateway_on_request(gateway, echo, user), "on_request");
  check(lbw_gateway_on_stopped(gateway, note_event<lbw_stopped_event>, user), "on_stopped");
}

std::string issue_from(lbw_gateway gateway) {
  char token[64] = "";
  return lbw_gateway_issue_token(gateway, token, sizeof token, nullptr) == LBW_OK ? token : "";
}

}  // namespace

gateway_player::gateway_player(std::shared_ptr<journal> events, std::string name, const json& config)
    : events_(std::move(events)), name_(std::move(name)), gateway_(create_gateway(to_line(config))) {
  set_handlers(gateway_.get(), std::make_unique<listener>(listener{events_, name_, {}}));
  start();
}

gateway_player::~gateway_player() {
  { const gateway_handle ended = std::move(gateway_); }
  await_release(*events_, name_);
}

void gateway_player::start() {
  check(lbw_gateway_start(gateway_.get()), "the gateway cannot listen");
}

void gateway_player::stop() {
  check(lbw_gateway_stop(gateway_.get()), "stop");
}

std::string gateway_player::address() const {
  const auto fill = [this](char* buf, size_t cap, size_t* len) {
    return lbw_gateway_address(gateway_.get(), buf, cap, len);
  };
  return read_text(fill, "address");
}

void gateway_player::push_to_all(uint8_t cmd, std::string_view body) {
  check(lbw_gateway_broadcast(gateway_.get(), cmd, body.data(), body.size(), nullptr), "broadcast");
}

uint16_t gateway_player::port() const {
  const std::string text = address();
  return static_cast<uint16_t>(std::stoul(text.substr(text.rfind(':') + 1)));
}

std::string gateway_player::issue_token() const {
  return issue_from(gateway_.get());
}

token_supply gateway_player::tokens() const {
  return [gateway = gateway_.get()] { return issue_from(gateway); };
}

}  // namespace lbwire::cli
