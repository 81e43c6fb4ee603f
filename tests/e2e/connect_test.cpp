// Getting a connection: addresses of every kind, and every way in which there is none.
#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

bool machine_has_ipv6_loopback() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in6 in{};
  in.sin6_family = AF_INET6;
  in.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&in), sizeof in) == 0;
  ::close(fd);
  return bound;
}

std::string port_of(const gateway_end& gateway) {
  const std::string address = gateway.address();
  return address.substr(address.rfind(':') + 1);
}

TEST(connecting, by_ipv6_address) {
  if (!machine_has_ipv6_loopback()) {
    lbw_gateway gateway = 0;
    ASSERT_OK(lbw_gateway_create("{\"tcp\": \"[::1]:0\"}", &gateway));
    EXPECT_STATUS(LBW_ERR_NETWORK, lbw_gateway_start(gateway));
    EXPECT_OK(lbw_gateway_destroy(gateway));
    return;
  }
  gateway_end gateway("", "[::1]:0");
  gateway.start();
  EXPECT_EQ(0u, gateway.address().find("[::1]:"));
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  EXPECT_EQ(gateway.address(), client.events.await(is(LBW_EVENT_SESSION))->second);
}

TEST(connecting, by_name_whichever_of_its_addresses_is_listened_on) {
  gateway_end gateway;
  gateway.start();
  client_end client("localhost:" + port_of(gateway), "\"token\": \"" + gateway.token() + "\"");
  client.connect();
  EXPECT_TRUE(client.ready());
  EXPECT_EQ(gateway.address(), client.events.await(is(LBW_EVENT_SESSION))->second);
}

TEST(connecting, to_a_gateway_that_comes_up_later) {
  gateway_end gateway;
  gateway.start();
  const std::string token = gateway.token();
  gateway.stop_and_wait();
  client_end client(gateway.address(), "\"token\": \"" + token + "\"");
  client.connect();
  const auto refused = client.events.await(state_is(LBW_STATE_BACKING_OFF, LBW_CAUSE_CONNECT_FAILED), 3);
  ASSERT_TRUE(refused);
  EXPECT_NE(std::string::npos, refused->text.find(gateway.address())) << refused->text;
  EXPECT_EQ(3u, refused->event.state.attempt);
  gateway.start();
  EXPECT_TRUE(client.ready());
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_CLOSE)));  // no connection was established
}

TEST(connecting, gives_up_after_so_many_attempts_if_told_so) {
  client_end client("127.0.0.1:1",
                    "\"token\": \"t\", \"reconnect\": {\"initial_ms\": 1, \"max_ms\": 1, "
                    "\"max_attempts\": 3}");
  client.connect();
  ASSERT_TRUE(client.events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_RETRIES_EXHAUSTED)));
  EXPECT_EQ(3u, client.stats().connects);
}

TEST(connecting, to_a_name_that_does_not_resolve) {
  client_end client("nonexistent.invalid:2020", "\"token\": \"t\", \"connect\": {\"timeout_ms\": 600000}");
  client.connect();
  const auto failed = client.events.await(state_is(LBW_STATE_BACKING_OFF));
  ASSERT_TRUE(failed);
  EXPECT_EQ(LBW_CAUSE_RESOLVE_FAILED, failed->event.state.cause);
  EXPECT_NE(std::string::npos, failed->text.find("nonexistent.invalid")) << failed->text;
}

TEST(connecting, to_somebody_who_does_not_accept_takes_no_longer_than_allowed) {
  // A backlog that is full: the system answers no further attempt.
  raw_gateway full(0);
  std::vector<raw_peer> waiting;
  for (int i = 0; i < 8; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string address = full.address();
    in.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    ::connect(fd, reinterpret_cast<sockaddr*>(&in), sizeof in);
    waiting.emplace_back(fd);
  }
  client_end client(full.address(), "\"token\": \"t\", \"connect\": {\"timeout_ms\": 200}");
  client.connect();
  const auto failed = client.events.await(state_is(LBW_STATE_BACKING_OFF));
  ASSERT_TRUE(failed);
  EXPECT_EQ(LBW_CAUSE_CONNECT_TIMEOUT, failed->event.state.cause);
  EXPECT_EQ("no connection within 200 ms", failed->text);
}

TEST(connecting, of_many_clients_on_one_loop_and_on_four) {
  gateway_end gateway("\"threads\": 4");
  gateway.start();
  for (const char* threads : {"\"threads\": 1", "\"threads\": 4"}) {
    std::vector<std::unique_ptr<client_end>> clients;
    const size_t count = 200 / scale + 4;
    for (size_t i = 0; i < count; ++i) clients.push_back(std::make_unique<client_end>(gateway, threads));
    for (const auto& c : clients) {
      ASSERT_TRUE(c->ready());
      EXPECT_OK(c->request("mine"));
    }
    for (const auto& c : clients) EXPECT_TRUE(c->events.saw(is(LBW_EVENT_RESPONSE)));
  }
}

TEST(connecting, in_protocol_version_2_and_with_json_bodies) {
  gateway_end gateway;
  gateway.start();
  for (const char* protocol : {"{\"version\": 2}", "{\"codec\": \"json\"}", "{\"version\": 2, \"codec\": \"json\"}"}) {
    SCOPED_TRACE(protocol);
    client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\", \"protocol\": " + protocol);
    client.connect();
    ASSERT_TRUE(client.ready());
    const auto answer = client.answer("spoken");
    ASSERT_TRUE(answer);
    EXPECT_EQ("spoken", answer->text);
  }
}

TEST(connecting, an_answer_that_nobody_gives_is_worded_in_the_client_s_own_codec) {
  // A gateway whose host set no request handler.
  lbw_gateway gateway = 0;
  ASSERT_OK(lbw_gateway_create("{\"tcp\": \"127.0.0.1:0\", \"tokens\": [\"a\", \"b\"]}", &gateway));
  ASSERT_OK(lbw_gateway_start(gateway));
  const std::string address =
      text_from([&](char* b, size_t c, size_t* l) { return lbw_gateway_address(gateway, b, c, l); });
  const std::string codecs[][2] = {{"a", "protobuf"}, {"b", "json"}};
  for (const auto& [token, codec] : codecs) {
    client_end client(address, "\"token\": \"" + token + "\", \"protocol\": {\"codec\": \"" + codec + "\"}");
    client.connect();
    ASSERT_TRUE(client.ready());
    const auto answer = client.answer("anybody?");
    ASSERT_TRUE(answer);
    EXPECT_EQ(LBW_RESPONSE_BAD_REQUEST, answer->event.response.response_status);
    EXPECT_EQ(uint64_t{LBW_RESPONSE_BAD_REQUEST}, answer->event.response.error_code) << codec;
    EXPECT_NE("", answer->second) << codec;
  }
  EXPECT_OK(lbw_gateway_destroy(gateway));
}

}  // namespace
}  // namespace lbwire::e2e
