#include "transport/tcp_connector.h"

#include <gtest/gtest.h>

#include <asio/ip/tcp.hpp>
#include <chrono>
#include <future>

namespace lbwire::transport {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

struct outcome {
  bool connected = false, resolved = false;
  std::string peer, problem;
};

// Connects on a loop of its own and waits for the result. The stream stays on its loop, and goes there.
outcome connect_to(const endpoint& server) {
  const auto loop = std::make_shared<event_loop>("connect-test");
  std::promise<outcome> promise;
  auto result = promise.get_future();
  const auto connector = std::make_shared<tcp_connector>(*loop, server, tcp_options{}, [&](connect_result r) {
    outcome out{r.connected != nullptr, r.resolved, r.connected ? r.connected->peer() : "", r.problem};
    r.connected.reset();
    promise.set_value(std::move(out));
  });
  loop->post([connector] { connector->start(); });
  if (result.wait_for(20s) != std::future_status::ready) {
    ADD_FAILURE() << "no result for " << server.text();
    return {};
  }
  return result.get();
}

class TcpConnector : public testing::Test {
 protected:
  asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  const uint16_t port_ = acceptor_.local_endpoint().port();
};

TEST_F(TcpConnector, ConnectsToAnAddress) {
  const auto result = connect_to({"127.0.0.1", port_});
  ASSERT_TRUE(result.connected) << result.problem;
  EXPECT_EQ(result.peer, endpoint({"127.0.0.1", port_}).text());
}

// The name stands for ::1 as well on most machines, where nobody listens: the other address must be tried.
TEST_F(TcpConnector, TriesEveryAddressOfAName) {
  const auto result = connect_to({"localhost", port_});
  ASSERT_TRUE(result.connected) << result.problem;
  EXPECT_EQ(result.peer, endpoint({"127.0.0.1", port_}).text());
}

TEST_F(TcpConnector, NamesTheAddressThatRefused) {
  acceptor_.close();
  const auto result = connect_to({"127.0.0.1", port_});
  EXPECT_FALSE(result.connected);
  EXPECT_TRUE(result.resolved);
  EXPECT_NE(result.problem.find(endpoint({"127.0.0.1", port_}).text() + ": Connection refused"), std::string::npos)
      << result.problem;
}

TEST_F(TcpConnector, TellsANameThatHasNoAddress) {
  const auto result = connect_to({"name.invalid", port_});
  EXPECT_FALSE(result.connected);
  EXPECT_FALSE(result.resolved);
  EXPECT_NE(result.problem.find("name.invalid"), std::string::npos) << result.problem;
}

TEST_F(TcpConnector, TellsNothingOnceCancelled) {
  const auto loop = std::make_shared<event_loop>("connect-test");
  std::promise<void> cancelled;
  bool told = false;
  const auto connector = std::make_shared<tcp_connector>(*loop, endpoint{"127.0.0.1", port_}, tcp_options{},
                                                         [&](connect_result) { told = true; });
  loop->post([&, connector] {
    connector->start();
    connector->cancel();
    // Behind whatever the attempt had already put into the loop's queue.
    loop->post([&] { loop->post([&] { cancelled.set_value(); }); });
  });
  ASSERT_EQ(cancelled.get_future().wait_for(20s), std::future_status::ready);
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace lbwire::transport
