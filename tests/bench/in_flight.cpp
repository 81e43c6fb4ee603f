// 64 requests in flight: how many are answered in a second.
#include <algorithm>
#include <array>
#include <atomic>
#include <string>

#include "bare_client.h"
#include "child.h"
#include "library.h"
#include "roles.h"
#include "sizes.h"
#include "socket.h"
#include "statistics.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

constexpr size_t width = 64;
constexpr auto body = std::array<uint8_t, body_size>{};

double per_second(size_t count, int64_t since_ns) {
  return static_cast<double>(count) * 1e9 / static_cast<double>(now_ns() - since_ns);
}

// ---- each answer's callback sends the next request ----

struct flight {
  std::atomic<size_t> to_send;
  std::atomic<size_t> to_come;
  permits done;
  explicit flight(size_t count) : to_send(count - width), to_come(count) {}

  // How many of `count` answers are followed by another request.
  size_t answered(size_t count) {
    const size_t more = std::min<size_t>(count, to_send);
    to_send -= more;
    if ((to_come -= count) == 0) done.give();
    return more;
  }
};

void send(lbw_client client, flight& f);

void on_response(lbw_client client, const lbw_response_event* event, void* user) {
  auto& f = *static_cast<flight*>(user);
  if (event->result == LBW_OK && f.answered(1) == 1) send(client, f);
}

void send(lbw_client client, flight& f) {
  lbw_client_request(client, business_cmd, body.data(), body.size(), 0, on_response, &f, nullptr);
}

double library_from_callbacks(lbw_client client, size_t count) {
  flight f(count);
  const int64_t start = now_ns();
  for (size_t i = 0; i < width; ++i) send(client, f);
  f.done.take();
  return per_second(count, start);
}

double bare_from_callbacks(uint16_t port, size_t count) {
  flight f(count);
  bare_client* sending = nullptr;
  bare_client client(port, [&](size_t answers) {
    if (const size_t more = f.answered(answers)) sending->send(more);
  });
  sending = &client;
  const int64_t start = now_ns();
  client.send(width);
  f.done.take();
  return per_second(count, start);
}

// ---- a thread sends whenever fewer than 64 are in flight ----

template <class Send>
void keep_in_flight(permits& room, size_t count, Send send_one) {
  size_t to_send = count;
  for (size_t to_come = count + width; to_come > 0;) {
    const size_t answered = room.take_all();
    to_come -= answered;
    for (size_t i = std::min(answered, to_send); i > 0; --i, --to_send) send_one();
  }
}

double library_from_a_thread(lbw_client client, size_t count) {
  permits room;
  room.give(width);
  const auto give_room = [](lbw_client, const lbw_response_event* event, void* user) {
    if (event->result == LBW_OK) static_cast<permits*>(user)->give();
  };
  const int64_t start = now_ns();
  keep_in_flight(room, count, [&] {
    check(lbw_client_request(client, business_cmd, body.data(), body.size(), 0, give_room, &room, nullptr),
          "lbw_client_request");
  });
  return per_second(count, start);
}

double bare_from_a_thread(uint16_t port, size_t count) {
  permits room;
  room.give(width);
  bare_client client(port, [&room](size_t answers) { room.give(answers); });
  const int64_t start = now_ns();
  keep_in_flight(room, count, [&] { client.send(); });
  return per_second(count, start);
}

}  // namespace

figures measure_in_flight(const effort& e) {
  auto gateway = child::in_role("gateway");
  auto echo = child::in_role("echo_server", {std::to_string(request_size), std::to_string(response_size)});
  const std::string address = gateway.answer("address");
  const auto port = static_cast<uint16_t>(std::stoul(echo.answer("port")));
  const ready_client client(address);

  const size_t count = e.of<size_t>(100'000, 2000);
  comparison callbacks, thread;
  for (int repetition = e.of(7, 1); repetition > 0; --repetition) {
    const double bare = bare_from_callbacks(port, count);
    callbacks.add(library_from_callbacks(client.handle(), count), bare);
    const double bare_thread = bare_from_a_thread(port, count);
    thread.add(library_from_a_thread(client.handle(), count), bare_thread);
  }
  const target enough{target::of::measured_at_least, 200'000};
  return {callbacks.result("64 requests in flight", "/s", enough,
                           "from callbacks; baseline: bare asio echo that answers all it reads by one write"),
          thread.result("64 requests in flight, from a thread", "/s", {}, "one by one, by a thread that keeps 64")};
}

}  // namespace lbwire::bench
