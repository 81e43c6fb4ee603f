// How connections end, each way, as both ends see it, and what the client does then.
#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

TEST(closes, each_code_that_the_gateway_sends_is_followed_as_the_table_says) {
  struct expectation {
    int32_t code;
    const char* name;
    int32_t kind;  // of the next session; -1: there is none
  };
  const expectation table[] = {
      {LBW_CLOSE_HEARTBEAT_TIMEOUT, "HeartbeatTimeout", LBW_SESSION_RECONNECT},
      {LBW_CLOSE_SERVER_ERROR, "ServerError", LBW_SESSION_RECONNECT},
      {LBW_CLOSE_SERVER_SHUTDOWN, "ServerShutdown", LBW_SESSION_RECONNECT},
      {LBW_CLOSE_UNPACK_ERROR, "UnpackError", LBW_SESSION_RECONNECT},
      {LBW_CLOSE_AUTH_ERROR, "AuthError", LBW_SESSION_AUTH},
      {LBW_CLOSE_SESSION_EXPIRED, "SessExpired", LBW_SESSION_AUTH},
      {LBW_CLOSE_CONNECT_DUPLICATE, "ConnectDuplicate", -1},
      {77, "Unknown", LBW_SESSION_RECONNECT},
      {255, "Unknown", LBW_SESSION_RECONNECT},
  };
  for (const expectation& e : table) {
    SCOPED_TRACE(e.code);
    gateway_end gateway;
    gateway.start();
    client_end client(gateway.address());
    client.with_tokens_of(gateway).connect();
    const uint64_t connection = gateway.connection();
    ASSERT_NE(0u, connection);
    ASSERT_TRUE(client.ready());
    EXPECT_OK(lbw_gateway_close(gateway.handle, connection, e.code, "for the test"));

    const auto close = client.events.await(is(LBW_EVENT_CLOSE));
    ASSERT_TRUE(close);
    EXPECT_EQ(e.code, close->event.close.code);
    EXPECT_EQ(e.name, close->second);
    EXPECT_EQ("for the test", close->text);
    EXPECT_EQ(LBW_ORIGIN_PEER, close->event.close.origin);
    EXPECT_EQ(e.kind >= 0 ? 1 : 0, close->event.close.will_reconnect);
    EXPECT_EQ(0u, close->event.close.connection);

    const auto at_gateway = gateway.events.await(is(LBW_EVENT_CLOSE));
    ASSERT_TRUE(at_gateway);
    EXPECT_EQ(e.code, at_gateway->event.close.code);
    EXPECT_EQ(LBW_ORIGIN_LOCAL, at_gateway->event.close.origin);
    EXPECT_EQ(connection, at_gateway->event.close.connection);

    if (e.kind < 0) {
      EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_CLOSED, LBW_CAUSE_PEER_CLOSED)));
      continue;
    }
    ASSERT_TRUE(client.ready(2));
    const auto session = client.events.await(is(LBW_EVENT_SESSION), 2);
    ASSERT_TRUE(session);
    EXPECT_EQ(e.kind, session->event.session.kind);
    EXPECT_EQ(e.kind == LBW_SESSION_AUTH ? 2u : 1u, client.events.count(is(LBW_EVENT_TOKEN)));
    const auto stats = gateway.stats();
    EXPECT_EQ(e.code < 7 ? 0u : 1u, stats.closes_other);
    if (e.code < 7) {
      EXPECT_EQ(1u, stats.closes[e.code]);
    }
  }
}

TEST(closes, a_lost_connection_is_told_once_and_resumed) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\"");
  client.connect();
  {
    raw_peer first = gateway.accept_ready();
    ASSERT_TRUE(client.ready());
    first.reset();
  }
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_CONNECTION_LOST, close->event.close.code);
  EXPECT_EQ(LBW_ORIGIN_PEER, close->event.close.origin);
  EXPECT_EQ("ConnectionLost", close->second);
  EXPECT_EQ(1, close->event.close.will_reconnect);
  raw_peer second = gateway.accept();
  const auto reconnect = second.first_packet();
  ASSERT_TRUE(reconnect);
  EXPECT_EQ(3, reconnect->cmd);
  EXPECT_NE(std::string::npos, reconnect->json.find("0123456789abcdef0123456789abcdef"));
  second.admit(*reconnect);
  ASSERT_TRUE(client.ready(2));
  EXPECT_EQ(1u, client.events.count(is(LBW_EVENT_CLOSE)));
}

TEST(closes, a_close_is_heard_although_the_gateway_resets_the_connection_behind_it) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"token\": \"t\", \"reconnect\": {\"enabled\": false}");
  client.connect();
  raw_peer peer = gateway.accept_ready();
  ASSERT_TRUE(client.ready());
  peer.send(close_push(1, "going") + push(101, body_of("never looked at")));
  peer.shutdown_send();
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_SERVER_ERROR, close->event.close.code);
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_CLOSED)));
  EXPECT_EQ(0u, client.events.count(is(LBW_EVENT_PUSH)));
}

TEST(closes, a_request_handler_that_fails_closes_as_server_error) {
  gateway_end gateway;
  gateway.on_request = [](const lbw_request_event&) { return 1; };
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  const auto answer = client.answer("x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(LBW_ERR_DISCONNECTED, answer->event.response.result);
  const auto close = client.events.await(close_is(LBW_CLOSE_SERVER_ERROR));
  ASSERT_TRUE(close);
  EXPECT_EQ("the request handler failed", close->text);
  EXPECT_EQ(1u, close->event.close.requests_lost);
  ASSERT_TRUE(client.ready(2));
  const auto session = client.events.await(is(LBW_EVENT_SESSION), 2);
  ASSERT_TRUE(session);
  EXPECT_EQ(1u, session->event.session.requests_lost);
}

TEST(closes, an_override_changes_what_follows) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway, "\"reconnect\": {\"on\": {\"ServerError\": \"stop\"}}");
  ASSERT_TRUE(client.ready());
  EXPECT_OK(lbw_gateway_close(gateway.handle, gateway.connection(), LBW_CLOSE_SERVER_ERROR, nullptr));
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_CLOSED)));
  EXPECT_EQ(LBW_STATE_CLOSED, client.state());
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  EXPECT_EQ(0, close->event.close.will_reconnect);
}

TEST(closes, the_host_s_disconnect_is_a_close_of_its_own_and_connect_resumes) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  EXPECT_OK(lbw_client_disconnect(client.handle));
  const auto close = client.events.await(close_is(LBW_CLOSE_DISCONNECTED));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_ORIGIN_LOCAL, close->event.close.origin);
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_CLOSED, LBW_CAUSE_DISCONNECT_CALLED)));
  const auto lost = gateway.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(lost);
  EXPECT_EQ(LBW_CLOSE_CONNECTION_LOST, lost->event.close.code);
  EXPECT_EQ(LBW_ORIGIN_PEER, lost->event.close.origin);

  client.connect();
  ASSERT_TRUE(client.ready(2));
  EXPECT_EQ(LBW_SESSION_RECONNECT, client.events.await(is(LBW_EVENT_SESSION), 2)->event.session.kind);
  EXPECT_TRUE(eventually([&] { return gateway.stats().connections == 1; }));
}

TEST(closes, a_gateway_that_is_full_says_so) {
  gateway_end gateway("\"limits\": {\"max_connections\": 1}");
  gateway.start();
  client_end first(gateway);
  ASSERT_TRUE(first.ready());
  client_end second(gateway, "\"reconnect\": {\"enabled\": false}");
  EXPECT_TRUE(second.events.saw(close_is(LBW_CLOSE_SERVER_ERROR)));
  EXPECT_TRUE(second.events.saw(state_is(LBW_STATE_CLOSED)));
  EXPECT_EQ(LBW_STATE_READY, first.state());
}

TEST(closes, a_close_code_out_of_range_is_refused) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  const uint64_t connection = gateway.connection();
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_close(gateway.handle, connection, -1, ""));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_close(gateway.handle, connection, 256, ""));
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_close(gateway.handle, connection + 1, 1, ""));
}

// ---- unknown codes from a hand-written gateway, which may be any int32 ----

TEST(closes, codes_that_no_gateway_of_ours_sends_are_shown_as_their_numbers_unless_below_0) {
  for (const int code : {7, 4000, 2147483647, -5}) {
    SCOPED_TRACE(code);
    raw_gateway gateway;
    client_end client(gateway.address(), "\"token\": \"t\", \"reconnect\": {\"on\": {\"Unknown\": \"stop\"}}");
    client.connect();
    raw_peer peer = gateway.accept_ready();
    peer.send(close_push(code, "odd"));
    const auto close = client.events.await(is(LBW_EVENT_CLOSE));
    ASSERT_TRUE(close);
    const int shown = code < 0 ? int{LBW_CLOSE_UNKNOWN} : code;
    EXPECT_EQ(shown, close->event.close.code);
    EXPECT_EQ("Unknown", close->second);
    EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_CLOSED)));
  }
}

}  // namespace
}  // namespace lbwire::e2e
