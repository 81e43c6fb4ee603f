// From a connection that is cut to a session that is ready again. The server's process cuts, and tells when.
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bare_reconnect.h"
#include "child.h"
#include "library.h"
#include "roles.h"
#include "sizes.h"
#include "statistics.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

struct readiness {
  std::atomic<int64_t> at_ns = 0;
  std::atomic<int32_t> cause = 0;
  permits ready;

  void is_ready() {
    at_ns = now_ns();
    ready.give();
  }

  static void on_state(lbw_client, const lbw_state_event* event, void* user) {
    auto& self = *static_cast<readiness*>(user);
    if (event->state != LBW_STATE_READY) return;
    self.cause = event->cause;
    self.is_ready();
  }
};

double ms_to_ready(child& server, readiness& client) {
  // Until the session counts as stable again: the first attempt after that is made without delay.
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  server.order("cut");
  client.ready.take();
  const int64_t cut_ns = std::stoll(server.answer("cut"));
  return static_cast<double>(client.at_ns - cut_ns) / 1e6;
}

}  // namespace

figures measure_reconnect(const effort& e) {
  auto gateway = child::in_role("gateway");
  auto echo = child::in_role("echo_server", {std::to_string(request_size), std::to_string(response_size)});
  const std::string address = gateway.answer("address");
  const auto port = static_cast<uint16_t>(std::stoul(echo.answer("port")));

  readiness ours, bares;
  const ready_client client(address, {nullptr, readiness::on_state, &ours}, R"("reconnect": {"stable_ms": 1})");
  const bare_reconnect bare(port, [&bares] { bares.is_ready(); });
  ours.ready.take();
  bares.ready.take();

  comparison p50, p99;
  for (int repetition = e.of(5, 1); repetition > 0; --repetition) {
    std::vector<double> library_ms, bare_ms;
    for (int cut = e.of(60, 5); cut > 0; --cut) {
      library_ms.push_back(ms_to_ready(gateway, ours));
      if (ours.cause != LBW_CAUSE_RECONNECTED) throw std::runtime_error("the client came back without its session");
      bare_ms.push_back(ms_to_ready(echo, bares));
    }
    p50.add(percentile(library_ms, 0.5), percentile(bare_ms, 0.5));
    p99.add(percentile(library_ms, 0.99), percentile(bare_ms, 0.99));
  }
  const target within_3_ms{target::of::measured_at_most, 3};
  return {p50.result("cut to ready again, p50", "ms", within_3_ms,
                     "by the session; baseline: bare asio connects again and has one request echoed"),
          p99.result("cut to ready again, p99", "ms")};
}

}  // namespace lbwire::bench
