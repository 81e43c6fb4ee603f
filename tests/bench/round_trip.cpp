// One request after another: the library's client and gateway against a bare asio client and echo server, with the same
// threads, sizes and sockets.
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

constexpr auto body = std::array<uint8_t, body_size>{};
using latencies = std::vector<int64_t>;

// ---- a thread asks, and the thread that reads the answer wakes it ----

latencies library_from_a_thread(lbw_client client, size_t count) {
  permits answered;
  latencies taken(count);
  for (int64_t& ns : taken) {
    const int64_t start = now_ns();
    const auto on_response = [](lbw_client, const lbw_response_event* event, void* user) {
      if (event->result == LBW_OK) static_cast<permits*>(user)->give();
    };
    check(lbw_client_request(client, business_cmd, body.data(), body.size(), 0, on_response, &answered, nullptr),
          "lbw_client_request");
    answered.take();
    ns = now_ns() - start;
  }
  return taken;
}

latencies library_by_queue(lbw_client client, size_t count) {
  latencies taken(count);
  for (int64_t& ns : taken) {
    const int64_t start = now_ns();
    check(lbw_client_request(client, business_cmd, body.data(), body.size(), 0, nullptr, nullptr, nullptr),
          "lbw_client_request");
    const lbw_event* event = nullptr;
    do {
      check(lbw_client_poll(client, &event, static_cast<int32_t>(patience.count()) * 1000), "lbw_client_poll");
    } while (event->header.type != LBW_EVENT_RESPONSE);
    check(event->response.result, "the response");
    ns = now_ns() - start;
  }
  return taken;
}

latencies bare_from_a_thread(uint16_t port, size_t count) {
  permits answered;
  bare_client client(port, [&answered](size_t responses) { answered.give(responses); });
  latencies taken(count);
  for (int64_t& ns : taken) {
    const int64_t start = now_ns();
    client.send();
    answered.take();
    ns = now_ns() - start;
  }
  return taken;
}

// ---- the thread that reads an answer asks again at once ----

struct chain {
  explicit chain(size_t count) { taken.reserve(count); }

  // True if there is more to ask.
  bool answered() {
    const int64_t now = now_ns();
    taken.push_back(now - start);
    start = now;
    if (taken.size() < taken.capacity()) return true;
    done.give();
    return false;
  }

  latencies taken;
  int64_t start = 0;
  permits done;
};

void ask(lbw_client client, chain& c);

void on_chained_response(lbw_client client, const lbw_response_event* event, void* user) {
  auto& c = *static_cast<chain*>(user);
  if (event->result == LBW_OK && c.answered()) ask(client, c);
}

void ask(lbw_client client, chain& c) {
  lbw_client_request(client, business_cmd, body.data(), body.size(), 0, on_chained_response, &c, nullptr);
}

latencies library_chained(lbw_client client, size_t count) {
  chain c(count);
  c.start = now_ns();
  ask(client, c);
  c.done.take();
  return std::move(c.taken);
}

latencies bare_chained(uint16_t port, size_t count) {
  chain c(count);
  bare_client* asking = nullptr;
  bare_client client(port, [&](size_t) {
    if (c.answered()) asking->send();
  });
  asking = &client;
  c.start = now_ns();
  client.send();
  c.done.take();
  return std::move(c.taken);
}

// ---- the two by turns ----

class percentiles {
 public:
  void add(const latencies& measured, const latencies& baseline) {
    p50_.add(percentile(measured, 0.5) / 1000, percentile(baseline, 0.5) / 1000);
    p99_.add(percentile(measured, 0.99) / 1000, percentile(baseline, 0.99) / 1000);
  }

  void report(figures& to, const std::string& name, target aim, const std::string& note) const {
    to.push_back(p50_.result(name + ", p50", "us", aim, note));
    to.push_back(p99_.result(name + ", p99", "us"));
  }

 private:
  comparison p50_, p99_;
};

}  // namespace

figures measure_round_trip(const effort& e) {
  auto gateway = child::in_role("gateway");
  auto echo = child::in_role("echo_server", {std::to_string(request_size), std::to_string(response_size)});
  const std::string address = gateway.answer("address");
  const auto port = static_cast<uint16_t>(std::stoul(echo.answer("port")));
  const ready_client client(address);
  const ready_client polling(address, {}, R"("delivery": "queue")");

  const size_t count = e.of<size_t>(5000, 100);
  percentiles threads, chained, queue;
  library_from_a_thread(client.handle(), count);  // caches and branches
  for (int repetition = e.of(9, 1); repetition > 0; --repetition) {
    const latencies bare = bare_from_a_thread(port, count);
    threads.add(library_from_a_thread(client.handle(), count), bare);
    chained.add(library_chained(client.handle(), count), bare_chained(port, count));
    queue.add(library_by_queue(polling.handle(), count), bare_from_a_thread(port, count));
  }

  figures all;
  const target near_the_bare{target::of::ratio_at_most, 1.25};
  threads.report(all, "round trip", near_the_bare, "100 bytes, a thread that waits; baseline: bare asio echo");
  chained.report(all, "round trip in callbacks", near_the_bare, "the next request leaves from the callback");
  queue.report(all, "round trip by queue", {}, "the thread waits in lbw_client_poll; same baseline");
  return all;
}

}  // namespace lbwire::bench
