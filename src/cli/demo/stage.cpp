#include "demo/stage.h"

#include <utility>

namespace lbwire::cli {

namespace {

// Long enough for a slow machine; on a healthy one nothing waits for it.
constexpr std::chrono::seconds patience{10};

// The gateway asks a client that was silent for this long, and waits as long for the answer.
constexpr int gateway_heartbeat_ms = 500;

// The client at the other end of the line asks more often, so that the line is never silent for long.
constexpr int client_heartbeat_ms = 100;

json gateway_config(const json& more) {
  json config{{"tcp", "127.0.0.1:0"},
              {"heartbeat", {{"interval_ms", gateway_heartbeat_ms}, {"timeout_ms", gateway_heartbeat_ms}}}};
  config.merge_patch(more);
  return config;
}

json client_config(const std::string& url, const json& more) {
  json config{{"url", url},
              {"heartbeat", {{"interval_ms", 60'000}, {"timeout_ms", 10'000}}},
              {"reconnect", {{"initial_ms", 50}, {"max_ms", 400}, {"stable_ms", 100}}}};
  config.merge_patch(more);
  return config;
}

}  // namespace

stage::stage(narrator& tells)
    : tells_(tells),
      events_(std::make_shared<journal>()),
      gateway_(events_, "gateway", gateway_config(json::object())),
      link_(gateway_.port()),
      client_(events_, "client",
              client_config("tcp://127.0.0.1:" + std::to_string(link_.port()),
                            {{"heartbeat", {{"interval_ms", client_heartbeat_ms}}}}),
              gateway_.tokens()) {}

std::unique_ptr<client_player> stage::another_client(const std::string& name, const gateway_player& at,
                                                     token_supply tokens, const json& more) {
  const json config = client_config("tcp://" + at.address(), more);
  return std::make_unique<client_player>(events_, name, config, std::move(tokens));
}

std::unique_ptr<gateway_player> stage::another_gateway(const std::string& name, const json& more) {
  return std::make_unique<gateway_player>(events_, name, gateway_config(more));
}

journal::entry stage::await(const std::string& who, const json& pattern, moment since, const std::string& expected) {
  auto found = events_->await(who, pattern, since.mark, journal::clock::now() + patience);
  if (!found) throw step_failed{expected};
  return std::move(*found);
}

}  // namespace lbwire::cli
