#include "demo/demo.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "abi.h"
#include "demo/narrator.h"
#include "demo/scenes.h"
#include "demo/stage.h"
#include "event_text.h"
#include "output.h"

namespace lbwire::cli {

namespace {

struct scene {
  const char* title;
  json (*play)(stage&);
  std::optional<int32_t> close = {};  // the code that it causes
};

constexpr std::array<scene, 11> scenes{{
    {"A session by token", authenticate},
    {"Heartbeats, both ways", exchange_heartbeats},
    {"A request and a push", request_and_push},
    {"Reconnect with the session", lose_the_line},
    {"Close 0 HeartbeatTimeout", heartbeat_timeout, LBW_CLOSE_HEARTBEAT_TIMEOUT},
    {"Close 1 ServerError", server_error, LBW_CLOSE_SERVER_ERROR},
    {"Close 2 ServerShutdown", server_shutdown, LBW_CLOSE_SERVER_SHUTDOWN},
    {"Close 3 UnpackError", unpack_error, LBW_CLOSE_UNPACK_ERROR},
    {"Close 4 AuthError", auth_error, LBW_CLOSE_AUTH_ERROR},
    {"Close 5 SessExpired", session_expired, LBW_CLOSE_SESSION_EXPIRED},
    {"Close 6 ConnectDuplicate", connect_duplicate, LBW_CLOSE_CONNECT_DUPLICATE},
}};

// Facts of the scenes that happened, in order; it ends early at the first that did not.
std::vector<json> play_all(stage& on, narrator& tells) {
  std::vector<json> facts;
  for (const scene& each : scenes) {
    tells.begin_step(static_cast<int>(facts.size()) + 1, each.title);
    try {
      facts.push_back(each.play(on));
      tells.end_step(facts.back());
    } catch (const step_failed& reason) {
      tells.fail_step(reason.expected);
      break;
    } catch (const failure& error) {
      tells.fail_step(error.what());
      break;
    }
  }
  return facts;
}

std::string summary_line(const scene& each, const json* facts) {
  std::string line = (facts != nullptr ? "  ✔ " : "  ✘ ") + show_close(*each.close);
  line.resize(std::max<size_t>(line.size(), 26), ' ');
  return line + (facts != nullptr ? facts->at("reaction").get<std::string>() : "did not happen");
}

int summarize(const std::vector<json>& facts, narrator& tells, std::chrono::steady_clock::duration elapsed) {
  int closes = 0;
  tells.line("\nThe seven closes, and what the client did");
  for (size_t i = 0; i < scenes.size(); ++i) {
    if (!scenes[i].close) continue;
    const bool happened = i < facts.size();
    closes += happened ? 1 : 0;
    tells.line(summary_line(scenes[i], happened ? &facts[i] : nullptr));
  }
  const bool ok = facts.size() == scenes.size();
  const std::string steps = std::to_string(facts.size()) + " of " + std::to_string(scenes.size()) + " steps";
  tells.line("\n" + steps + (ok ? " happened" : " happened, the next one did not") + ", in " + show(elapsed) + ".");
  tells.object(
      {{"event", "summary"}, {"ok", ok}, {"steps", facts.size()}, {"closes", closes}, {"elapsed_ms", to_ms(elapsed)}});
  return ok ? exit_ok : exit_failure;
}

int play(const demo_options& options) {
  const auto began = std::chrono::steady_clock::now();
  narrator tells(options.json);
  stage on(tells);
  tells.open(on.gateway().address());
  const std::vector<json> facts = play_all(on, tells);
  return summarize(facts, tells, std::chrono::steady_clock::now() - began);
}

}  // namespace

int run_demo(const demo_options& options) {
  try {
    return play(options);
  } catch (const output_closed&) {
    return exit_failure;  // not every step was seen to happen
  }
}

}  // namespace lbwire::cli
