// Many idle clients in a process of their own.
#include <lbwire/lbwire.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "clock.h"
#include "library.h"
#include "memory_use.h"
#include "roles.h"

namespace lbwire::bench {

namespace {

constexpr size_t at_a_time = 64;  // fewer than a listener lets wait

std::atomic<size_t> ready_count = 0;

void on_state(lbw_client, const lbw_state_event* event, void*) {
  if (event->state == LBW_STATE_READY) ++ready_count;
  if (event->previous == LBW_STATE_READY) --ready_count;
}

void wait_until_ready(size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (ready_count < count) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the clients do not all become ready");
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

void open(const std::string& config, size_t& opened, size_t count) {
  for (; count > 0; --count) {
    lbw_client client = 0;
    check(lbw_client_create(config.c_str(), &client), "lbw_client_create");
    check(lbw_client_on_state(client, on_state, nullptr), "lbw_client_on_state");
    check(lbw_client_connect(client), "lbw_client_connect");
    if (++opened > at_a_time) wait_until_ready(opened - at_a_time);
  }
  wait_until_ready(opened);
}

}  // namespace

void be_sessions(const words& arguments) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  const std::string config = R"({"url": "tcp://)" + arguments.at(0) + R"(", "token": "bench"})";
  size_t opened = 0;
  obey([&](const words& order) {
    if (order[0] == "open") {
      open(config, opened, std::stoul(order.at(1)));
      say("ready " + std::to_string(ready_count));
    }
    if (order[0] == "memory") say("memory " + memory_use() + " " + std::to_string(ready_count));
  });
}

}  // namespace lbwire::bench
