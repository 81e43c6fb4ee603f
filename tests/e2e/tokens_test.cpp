// One-time tokens: asked for by event, set late or never, decided on by the gateway's host at once, later or not at
// all.
#include <thread>

#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

TEST(tokens, one_is_asked_for_by_event_and_may_be_set_inside_it) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address());
  client.with_tokens_of(gateway).connect();
  ASSERT_TRUE(client.ready());
  const auto asked = client.events.await(is(LBW_EVENT_TOKEN));
  ASSERT_TRUE(asked);
  EXPECT_EQ(LBW_CAUSE_CONNECT_CALLED, asked->event.token.cause);
  EXPECT_EQ(LBW_SESSION_AUTH, client.events.await(is(LBW_EVENT_SESSION))->event.session.kind);
}

TEST(tokens, one_may_be_set_later_from_another_thread) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address());
  client.with_token_handler().connect();
  ASSERT_TRUE(client.events.saw(is(LBW_EVENT_TOKEN)));
  EXPECT_EQ(LBW_STATE_CONNECTING, client.state());
  std::thread([&] {
    const std::string token = gateway.token();
    EXPECT_OK(lbw_client_set_token(client.handle, token.data(), token.size()));
  }).join();
  EXPECT_TRUE(client.ready());
}

TEST(tokens, without_a_handler_the_client_fails) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address());
  client.connect();
  ASSERT_TRUE(client.events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE)));
  // Failed is final until connect is called again, with a token this time.
  const std::string token = gateway.token();
  EXPECT_OK(lbw_client_set_token(client.handle, token.data(), token.size()));
  client.connect();
  EXPECT_TRUE(client.ready());
}

TEST(tokens, one_that_is_not_set_in_time_is_a_failure) {
  client_end client("127.0.0.1:1", "\"auth\": {\"token_timeout_ms\": 50}");
  client.with_token_handler().connect();
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE)));
}

TEST(tokens, each_works_once) {
  gateway_end gateway("\"tokens\": [\"only\"]");
  gateway.on_auth = [&](const lbw_auth_event& e) { lbw_gateway_refuse(gateway.handle, e.connection, "used"); };
  gateway.start();
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_add_token(gateway.handle, "only", 4));
  client_end first(gateway.address(), "\"token\": \"only\"");
  first.connect();
  ASSERT_TRUE(first.ready());
  client_end second(gateway.address(), "\"token\": \"only\"");
  second.connect();
  EXPECT_TRUE(second.events.saw(close_is(LBW_CLOSE_AUTH_ERROR)));
  // The handler gets no say in what comes after: there is none.
  EXPECT_TRUE(second.events.saw(state_is(LBW_STATE_FAILED)));
  const auto stats = gateway.stats();
  EXPECT_EQ(1u, stats.auths);
  EXPECT_EQ(1u, stats.refused);
}

TEST(tokens, the_gateway_s_host_may_accept_at_once) {
  gateway_end gateway;
  gateway.on_auth = [&](const lbw_auth_event& e) {
    EXPECT_OK(lbw_gateway_accept(gateway.handle, e.connection));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_accept(gateway.handle, e.connection));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_refuse(gateway.handle, e.connection, nullptr));
  };
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"from elsewhere\", \"metadata\": {\"app\": \"e2e\"}");
  client.connect();
  ASSERT_TRUE(client.ready());
  const auto asked = gateway.events.await(is(LBW_EVENT_AUTH));
  ASSERT_TRUE(asked);
  EXPECT_EQ("from elsewhere", asked->text);
  EXPECT_EQ("{\"app\":\"e2e\"}", asked->second);
  EXPECT_EQ(0u, asked->third.find("127.0.0.1:"));
  EXPECT_EQ(1u, gateway.stats().auths);
  EXPECT_EQ(1u, gateway.stats().sessions);
}

TEST(tokens, the_gateway_s_host_may_accept_or_refuse_later_from_another_thread) {
  gateway_end gateway;
  gateway.start();
  client_end good(gateway.address(), "\"token\": \"good\""), bad(gateway.address(), "\"token\": \"bad\"");
  good.connect();
  bad.connect();
  std::thread([&] {
    for (size_t i = 1; i <= 2; ++i) {
      const auto asked = gateway.events.await(is(LBW_EVENT_AUTH), i);
      ASSERT_TRUE(asked);
      const uint64_t connection = asked->event.auth.connection;
      if (asked->text == "good") {
        EXPECT_OK(lbw_gateway_accept(gateway.handle, connection));
      } else {
        EXPECT_OK(lbw_gateway_refuse(gateway.handle, connection, "bad it is"));
      }
    }
  }).join();
  EXPECT_TRUE(good.ready());
  const auto close = bad.events.await(close_is(LBW_CLOSE_AUTH_ERROR));
  ASSERT_TRUE(close);
  EXPECT_EQ("bad it is", close->text);
  EXPECT_TRUE(bad.events.saw(state_is(LBW_STATE_FAILED)));
}

TEST(tokens, two_refusals_in_a_row_are_a_failure) {
  gateway_end gateway;
  gateway.on_auth = [&](const lbw_auth_event& e) { lbw_gateway_refuse(gateway.handle, e.connection, nullptr); };
  gateway.start();
  client_end client(gateway.address());
  client.on_token = [&](const lbw_token_event&) { lbw_client_set_token(client.handle, "wrong", 5); };
  client.with_token_handler().connect();
  ASSERT_TRUE(client.events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_AUTH_REFUSED)));
  EXPECT_EQ(2u, client.events.count(is(LBW_EVENT_TOKEN)));
  EXPECT_EQ(2u, client.events.count(close_is(LBW_CLOSE_AUTH_ERROR)));
}

TEST(tokens, a_decision_that_does_not_come_is_the_gateway_s_failure_and_leaves_no_session) {
  gateway_end gateway("\"auth\": {\"timeout_ms\": 100}");
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"undecided\"");
  client.connect();
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_SERVER_ERROR, close->event.close.code);
  const uint64_t connection = gateway.events.await(is(LBW_EVENT_AUTH))->event.auth.connection;
  const uint64_t sessions = gateway.stats().sessions;
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_accept(gateway.handle, connection));
  EXPECT_EQ(sessions, gateway.stats().sessions);
}

TEST(tokens, neither_a_token_nor_a_session_is_ever_logged) {
  gateway_end gateway("\"log_level\": \"debug\"");
  gateway.on_auth = [&](const lbw_auth_event& e) { lbw_gateway_refuse(gateway.handle, e.connection, nullptr); };
  gateway.start();
  std::vector<std::string> secrets{"wrong-secret-token", gateway.token()};
  client_end client(gateway.address(), "\"token\": \"wrong-secret-token\", \"log_level\": \"debug\"");
  client.on_token = [&](const lbw_token_event&) {
    lbw_client_set_token(client.handle, secrets[1].data(), secrets[1].size());
  };
  client.with_token_handler().connect();
  ASSERT_TRUE(client.ready());
  secrets.push_back(client.events.await(is(LBW_EVENT_SESSION))->text);
  EXPECT_OK(lbw_gateway_close(gateway.handle, gateway.connection(), LBW_CLOSE_SERVER_ERROR, ""));
  ASSERT_TRUE(client.ready(2));
  secrets.push_back(client.events.await(is(LBW_EVENT_SESSION), 2)->text);
  for (recorder* events : {&client.events, &gateway.events}) {
    for (const seen& s : events->all()) {
      if (s.type() == LBW_EVENT_AUTH || s.type() == LBW_EVENT_SESSION) continue;
      for (const std::string& secret : secrets) {
        ASSERT_FALSE(secret.empty());
        EXPECT_EQ(std::string::npos, (s.text + s.second).find(secret));
      }
    }
  }
}

}  // namespace
}  // namespace lbwire::e2e
