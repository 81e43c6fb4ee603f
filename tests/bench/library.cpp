#include "library.h"

#include <array>
#include <stdexcept>

namespace lbwire::bench {

void check(lbw_status status, const char* what) {
  if (status == LBW_OK) return;
  std::array<char, 512> detail{};
  lbw_last_error(detail.data(), detail.size(), nullptr);
  throw std::runtime_error(std::string(what) + ": " + lbw_status_name(status) + ": " + detail.data());
}

// Delegates, so that a client that does not become ready is destroyed all the same.
ready_client::ready_client(const std::string& address, handlers h, const std::string& more) : ready_client(h) {
  create(R"({"url": "tcp://)" + address + R"(", "token": "bench")" + (more.empty() ? "" : ", " + more) + "}");
  if (more.find("queue") == std::string::npos) {
    connect();
    ready_.take();
  } else {
    wait_by_queue();
  }
}

void ready_client::create(const std::string& config) {
  check(lbw_client_create(config.c_str(), &client_), "lbw_client_create");
  const auto on_released = [](void* user) { static_cast<ready_client*>(user)->released_.give(); };
  lbw_client_on_released(client_, on_released, this);
}

void ready_client::connect() {
  const auto on_state = [](lbw_client client, const lbw_state_event* event, void* user) {
    auto& self = *static_cast<ready_client*>(user);
    if (self.handlers_.on_state) self.handlers_.on_state(client, event, self.handlers_.user);
    if (event->state == LBW_STATE_READY) self.ready_.give();
  };
  lbw_client_on_state(client_, on_state, this);
  if (handlers_.on_push) lbw_client_on_push(client_, handlers_.on_push, handlers_.user);
  check(lbw_client_connect(client_), "lbw_client_connect");
}

void ready_client::wait_by_queue() {
  check(lbw_client_connect(client_), "lbw_client_connect");
  const lbw_event* event = nullptr;
  do {
    check(lbw_client_poll(client_, &event, static_cast<int32_t>(patience.count()) * 1000), "lbw_client_poll");
  } while (event->header.type != LBW_EVENT_STATE || event->state.state != LBW_STATE_READY);
}

// What the handlers point to may go afterwards.
ready_client::~ready_client() {
  if (lbw_client_destroy(client_) != LBW_OK) return;  // there is none
  try {
    released_.take();
  } catch (const std::exception&) {  // the measurement has failed already, or will
  }
}

}  // namespace lbwire::bench
