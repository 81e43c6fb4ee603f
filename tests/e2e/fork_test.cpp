// What the process around the library may do: fork, keep its signals, and not be killed by SIGPIPE.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

// The exit code of `child`, run in a child process; -1 if it did not exit by itself in time.
template <class Child>
int in_a_child(Child child) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(static_cast<unsigned>(patience.count()));  // whoever hangs is killed
    ::_exit(child());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(fork, every_call_of_the_child_is_refused_and_the_parent_goes_on) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  client_end queued(gateway, "\"delivery\": \"queue\"");
  ASSERT_TRUE(client.ready());
  const int refused = in_a_child([&] {
    int count = 0;
    const auto expect = [&count](lbw_status status) { count += status == LBW_ERR_FORKED ? 1 : 0; };
    lbw_client another = 0;
    lbw_gateway another_gateway = 0;
    const lbw_event* event = nullptr;
    int32_t state = 0;
    expect(lbw_client_create("{\"url\": \"tcp://127.0.0.1:1\"}", &another));
    expect(lbw_gateway_create("{\"tcp\": \"127.0.0.1:0\"}", &another_gateway));
    expect(client.request("x"));
    expect(lbw_client_connect(client.handle));
    expect(lbw_client_disconnect(client.handle));
    expect(lbw_client_state(client.handle, &state));
    expect(lbw_client_poll(queued.handle, &event, -1));
    expect(lbw_gateway_push(gateway.handle, 1, 101, "x", 1));
    expect(lbw_gateway_stop(gateway.handle));
    expect(lbw_client_destroy(client.handle));
    expect(lbw_gateway_destroy(gateway.handle));
    return count;
  });
  EXPECT_EQ(11, refused);
  const auto answer = client.answer("the parent goes on");
  ASSERT_TRUE(answer);
  EXPECT_EQ("the parent goes on", answer->text);
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(process, no_sigpipe_when_the_peer_is_gone_while_we_send) {
  // Whoever runs the tests may ignore SIGPIPE; here it kills, as in a fresh process.
  gateway_end gateway;
  gateway.start();
  struct sigaction fresh {};
  fresh.sa_handler = SIG_DFL;
  struct sigaction before {};
  ::sigaction(SIGPIPE, &fresh, &before);
  {
    raw_peer peer = raw_peer::to(gateway.address());
    ASSERT_TRUE(peer.authenticate(gateway.token()));
    const uint64_t connection = gateway.connection();
    peer.reset();
    const std::string body(100'000, 'x');
    EXPECT_TRUE(eventually([&] { return gateway.push(connection, body) == LBW_ERR_NOT_FOUND; }));
  }
  {
    raw_gateway hand_written;
    client_end client(hand_written.address(), "\"token\": \"t\"");
    client.connect();
    raw_peer peer = hand_written.accept_ready();
    ASSERT_TRUE(client.ready());
    peer.reset();
    EXPECT_TRUE(eventually([&] { return client.request("x") == LBW_ERR_NOT_READY; }));
  }
  ::sigaction(SIGPIPE, &before, nullptr);  // to be here is to have passed
}

TEST(process, the_library_s_threads_take_no_signals) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  size_t ours = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string comm, line, blocked;
    std::ifstream(task.path() / "comm") >> comm;
    if (comm.rfind("lbwire", 0) != 0) continue;
    ++ours;
    std::ifstream status(task.path() / "status");
    while (std::getline(status, line)) {
      if (line.rfind("SigBlk:", 0) == 0) blocked = line.substr(line.find_last_of(" \t") + 1);
    }
    ASSERT_FALSE(blocked.empty());
    const uint64_t mask = std::stoull(blocked, nullptr, 16);
    for (const int signal : {SIGINT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1, SIGPIPE, SIGHUP})
      EXPECT_NE(0u, mask & (uint64_t{1} << (signal - 1))) << signal;
  }
  EXPECT_GE(ours, 2u);
}

}  // namespace
}  // namespace lbwire::e2e
