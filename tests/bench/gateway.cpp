// A gateway of the library in a process of its own: it accepts every token and echoes every request.
#include <lbwire/lbwire.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <vector>

#include "clock.h"
#include "cut.h"
#include "library.h"
#include "memory_use.h"
#include "roles.h"
#include "sizes.h"

namespace lbwire::bench {

namespace {

struct gateway_state {
  std::atomic<uint64_t> newest = 0;  // connection
  permits writable;
};

int32_t echo(lbw_gateway gateway, const lbw_request_event* request, void*) {
  return lbw_gateway_respond(gateway, request->connection, request->request_id, LBW_RESPONSE_SUCCESS, request->body,
                             request->body_len);
}

void set_handlers(lbw_gateway gateway, gateway_state& state) {
  lbw_gateway_on_request(gateway, echo, nullptr);
  lbw_gateway_on_auth(
      gateway,
      [](lbw_gateway self, const lbw_auth_event* event, void*) { lbw_gateway_accept(self, event->connection); },
      nullptr);
  lbw_gateway_on_session(
      gateway,
      [](lbw_gateway, const lbw_session_event* event, void* user) {
        static_cast<gateway_state*>(user)->newest = event->connection;
      },
      &state);
  lbw_gateway_on_writable(
      gateway,
      [](lbw_gateway, const lbw_writable_event*, void* user) { static_cast<gateway_state*>(user)->writable.give(); },
      &state);
}

void push(lbw_gateway gateway, gateway_state& state, size_t count) {
  const std::array<uint8_t, body_size> body{};
  while (count > 0) {
    const lbw_status status = lbw_gateway_push(gateway, state.newest, business_cmd, body.data(), body.size());
    if (status == LBW_ERR_QUEUE_FULL) {
      state.writable.take();
      continue;
    }
    check(status, "lbw_gateway_push");
    --count;
  }
}

void tell_memory(lbw_gateway gateway) {
  lbw_gateway_stats stats{};
  stats.size = sizeof stats;
  check(lbw_gateway_get_stats(gateway, &stats), "lbw_gateway_get_stats");
  say("memory " + memory_use() + " " + std::to_string(stats.authenticated));
}

}  // namespace

void be_gateway(const words&) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  gateway_state state;
  lbw_gateway gateway = 0;
  check(lbw_gateway_create(R"({"tcp": "127.0.0.1:0"})", &gateway), "lbw_gateway_create");
  set_handlers(gateway, state);
  check(lbw_gateway_start(gateway), "lbw_gateway_start");
  std::array<char, 64> address{};
  check(lbw_gateway_address(gateway, address.data(), address.size(), nullptr), "lbw_gateway_address");
  say("address " + std::string(address.data()));

  obey([&](const words& order) {
    if (order[0] == "push") push(gateway, state, std::stoul(order.at(1)));
    if (order[0] == "memory") tell_memory(gateway);
    if (order[0] == "cut") {
      const int64_t at = now_ns();
      cut_connections();
      say("cut " + std::to_string(at));
    }
  });
}

}  // namespace lbwire::bench
