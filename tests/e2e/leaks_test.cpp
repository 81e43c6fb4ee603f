// Cycles of create, connect and destroy leave no descriptor and no thread behind.
#include <filesystem>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

size_t entries(const char* folder) {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}
size_t descriptors() {
  return entries("/proc/self/fd");
}
size_t threads() {
  return entries("/proc/self/task");
}

#ifdef __SANITIZE_THREAD__
constexpr size_t background_threads = 1;  // the sanitizer's own
#else
constexpr size_t background_threads = 0;
#endif

constexpr size_t cycles = 200 / scale + 5;

// Runs the cycle once, for what is made once and for all, then many times.
template <class Cycle>
void expect_no_leak(Cycle cycle) {
  cycle();
  ASSERT_TRUE(eventually([] { return threads() <= 1 + background_threads; })) << threads();
  const size_t before_fds = descriptors();
  const size_t before_threads = threads();
  for (size_t i = 0; i < cycles; ++i) cycle();
  EXPECT_TRUE(eventually([&] { return threads() <= before_threads; })) << threads() << " of " << before_threads;
  EXPECT_TRUE(eventually([&] { return descriptors() <= before_fds; })) << descriptors() << " of " << before_fds;
}

TEST(leaks, none_by_clients_that_were_ready) {
  expect_no_leak([] {
    gateway_end gateway;
    gateway.start();
    client_end client(gateway), queued(gateway, "\"delivery\": \"queue\"");
    int32_t fd = -1;
    EXPECT_OK(lbw_client_poll_fd(queued.handle, &fd));
    ASSERT_TRUE(client.ready());
    EXPECT_TRUE(queued.poll_for(state_is(LBW_STATE_READY)));
  });
}

TEST(leaks, none_by_clients_that_never_got_there) {
  raw_gateway silent(300);
  expect_no_leak([&] {
    client_end never_connected("127.0.0.1:1", "\"threads\": 3");
    client_end refused("127.0.0.1:1", "\"token\": \"t\"");
    refused.connect();
    client_end waiting(silent.address(), "\"token\": \"t\"");
    waiting.connect();
    raw_peer peer = silent.accept();
    peer.first_packet();
    client_end without_token("127.0.0.1:1");
    without_token.with_token_handler().connect();
    EXPECT_TRUE(without_token.events.saw(is(LBW_EVENT_TOKEN)));
  });
}

TEST(leaks, none_by_peers_that_come_and_go) {
  gateway_end gateway;
  gateway.start();
  EXPECT_TRUE(eventually([] { return threads() <= 2 + background_threads; }));
  const size_t before = descriptors();
  for (size_t i = 0; i < cycles; ++i) {
    raw_peer peer = raw_peer::to(gateway.address());
    if (i % 3 == 0) {
      EXPECT_TRUE(peer.authenticate(gateway.token()));
    }
    if (i % 2 == 0) peer.reset();
  }
  EXPECT_TRUE(eventually([&] { return gateway.stats().connections == 0 && descriptors() <= before; }));
}

}  // namespace
}  // namespace lbwire::e2e
