// Sessions: what the events tell of them, coming back with one, in this client or another, and what it is to lose one.
#include "pair.h"
#include "raw_peer.h"

namespace lbwire::e2e {
namespace {

TEST(sessions, both_ends_tell_the_same) {
  gateway_end gateway("\"connection_limit\": 7, \"session\": {\"ttl_ms\": 60000}");
  gateway.start();
  client_end client(gateway);
  const auto here = client.events.await(is(LBW_EVENT_SESSION));
  const auto there = gateway.events.await(is(LBW_EVENT_SESSION));
  ASSERT_TRUE(here && there);
  EXPECT_EQ(here->text, there->text);
  EXPECT_EQ(32u, here->text.size());
  EXPECT_EQ(here->event.session.expires_ms, there->event.session.expires_ms);
  EXPECT_EQ(7u, here->event.session.limit);
  EXPECT_EQ(1u, here->event.session.online);
  EXPECT_EQ(LBW_SESSION_AUTH, here->event.session.kind);
  EXPECT_EQ(0u, here->event.session.connection);
  EXPECT_NE(0u, there->event.session.connection);
  EXPECT_EQ(gateway.address(), here->second);
  EXPECT_EQ(0u, there->second.find("127.0.0.1:"));
  ASSERT_TRUE(client.ready());
  EXPECT_EQ("connecting authenticating ready", client.events.states());
}

TEST(sessions, one_is_exported_and_resumed_in_another_client) {
  gateway_end gateway;
  gateway.start();
  std::string exported;
  {
    client_end first(gateway.address(), "\"token\": \"" + gateway.token() + "\"");
    char nothing[4];
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_client_export_session(first.handle, nothing, sizeof nothing, nullptr));
    first.connect();
    ASSERT_TRUE(first.ready());
    exported = first.session();
    EXPECT_EQ(0u, exported.find("{\"session_id\":\""));
    EXPECT_OK(lbw_client_disconnect(first.handle));
    EXPECT_EQ(exported, first.session());
  }
  client_end second(gateway.address(), "\"session\": " + exported);
  second.connect();
  ASSERT_TRUE(second.ready());
  const auto session = second.events.await(is(LBW_EVENT_SESSION));
  EXPECT_EQ(LBW_SESSION_RECONNECT, session->event.session.kind);
  EXPECT_NE(exported, second.session());  // replaced at each reconnect
  EXPECT_EQ(1u, gateway.stats().reconnects);
  EXPECT_EQ(1u, gateway.stats().sessions);

  client_end third(gateway.address(), "\"session\": " + exported);
  third.connect();
  EXPECT_TRUE(third.events.saw(state_is(LBW_STATE_FAILED, LBW_CAUSE_TOKEN_UNAVAILABLE)));
}

TEST(sessions, of_two_that_use_one_the_older_is_told_and_stays_closed) {
  gateway_end gateway;
  gateway.start();
  client_end older(gateway);
  ASSERT_TRUE(older.ready());
  client_end newer(gateway.address(), "\"session\": " + older.session());
  newer.connect();
  ASSERT_TRUE(newer.ready());
  const auto close = older.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_CONNECT_DUPLICATE, close->event.close.code);
  EXPECT_EQ(0, close->event.close.will_reconnect);
  EXPECT_TRUE(older.events.saw(state_is(LBW_STATE_CLOSED)));
  EXPECT_EQ("heard", newer.answer("heard")->text);
  EXPECT_EQ(1u, gateway.stats().closes[LBW_CLOSE_CONNECT_DUPLICATE]);
  EXPECT_EQ(1u, gateway.stats().authenticated);
}

TEST(sessions, a_reconnect_that_is_refused_asks_for_a_fresh_token_at_once) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(),
                    "\"session\": {\"session_id\": \"00112233445566778899aabbccddeeff\", "
                    "\"expires_ms\": 4000000000000}");
  client.with_tokens_of(gateway).connect();
  ASSERT_TRUE(client.ready());
  const auto close = client.events.await(is(LBW_EVENT_CLOSE));
  ASSERT_TRUE(close);
  EXPECT_EQ(LBW_CLOSE_SESSION_EXPIRED, close->event.close.code);
  EXPECT_TRUE(client.events.saw(state_is(LBW_STATE_BACKING_OFF, LBW_CAUSE_RECONNECT_REFUSED)));
  EXPECT_EQ(LBW_CAUSE_SESSION_EXPIRED, client.events.await(is(LBW_EVENT_TOKEN))->event.token.cause);
  EXPECT_EQ(LBW_SESSION_AUTH, client.events.await(is(LBW_EVENT_SESSION))->event.session.kind);
}

TEST(sessions, one_that_is_refused_without_a_close_is_over_all_the_same) {
  raw_gateway gateway;
  client_end client(gateway.address(), "\"session\": {\"session_id\": \"x\", \"expires_ms\": 4000000000000}");
  client.on_token = [&](const lbw_token_event&) { lbw_client_set_token(client.handle, "fresh", 5); };
  client.with_token_handler().connect();
  raw_peer refusing = gateway.accept();
  const auto reconnect = refusing.first_packet();
  ASSERT_TRUE(reconnect);
  EXPECT_EQ(3, reconnect->cmd);
  refusing.send(response(3, reconnect->request_id, {}, LBW_RESPONSE_UNAUTHENTICATED));
  raw_peer next = gateway.accept();
  const auto auth = next.first_packet();
  ASSERT_TRUE(auth);
  EXPECT_EQ(2, auth->cmd);
  EXPECT_NE(std::string::npos, auth->json.find("fresh"));
  next.admit(*auth);
  EXPECT_TRUE(client.ready());
}

TEST(sessions, an_expired_one_is_not_tried) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(), "\"session\": {\"session_id\": \"x\", \"expires_ms\": 1000}");
  client.with_tokens_of(gateway).connect();
  ASSERT_TRUE(client.ready());
  EXPECT_EQ(LBW_CAUSE_SESSION_EXPIRED, client.events.await(is(LBW_EVENT_TOKEN))->event.token.cause);
  EXPECT_EQ(0u, gateway.stats().refused);
}

TEST(sessions, one_that_expires_while_it_is_in_use_is_closed_as_expired) {
  gateway_end gateway("\"session\": {\"ttl_ms\": 200}");
  gateway.start();
  client_end client(gateway.address());
  client.with_tokens_of(gateway).connect();
  EXPECT_TRUE(client.events.saw(close_is(LBW_CLOSE_SESSION_EXPIRED)));
  ASSERT_TRUE(client.ready(2));
  EXPECT_EQ(LBW_SESSION_AUTH, client.events.await(is(LBW_EVENT_SESSION), 2)->event.session.kind);
}

TEST(sessions, the_gateway_lists_its_connections) {
  gateway_end gateway;
  const auto list = [&] {
    return text_from([&](char* b, size_t c, size_t* l) { return lbw_gateway_sessions(gateway.handle, b, c, l); });
  };
  EXPECT_EQ("[]", list());
  gateway.start();
  client_end client(gateway);
  const uint64_t connection = gateway.connection();
  ASSERT_TRUE(client.ready());
  const std::string one = list();
  EXPECT_EQ(0u, one.find("[{\"connection\":" + std::to_string(connection) + ",\"peer\":\"127.0.0.1:")) << one;
  EXPECT_NE(std::string::npos, one.find("\"authenticated\":true,\"expires_ms\":")) << one;
  EXPECT_NE(std::string::npos, one.find("\"rtt_us\":")) << one;
  raw_peer stranger = raw_peer::to(gateway.address());
  EXPECT_TRUE(eventually([&] { return list().find("\"authenticated\":false") != std::string::npos; }));
}

TEST(sessions, counters_add_up) {
  gateway_end gateway;
  gateway.start();
  {
    client_end client(gateway);
    ASSERT_TRUE(client.ready());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.answer("x"));
    for (int i = 0; i < 5; ++i) EXPECT_OK(gateway.push(gateway.connection(), "x"));
    ASSERT_TRUE(client.events.saw(is(LBW_EVENT_PUSH), 5));
    const auto stats = client.stats();
    EXPECT_EQ(LBW_STATE_READY, stats.state);
    EXPECT_EQ(10u, stats.requests);
    EXPECT_EQ(10u, stats.responses);
    EXPECT_EQ(5u, stats.pushes);
    EXPECT_EQ(11u, stats.packets_sent);      // auth, requests
    EXPECT_EQ(16u, stats.packets_received);  // its answer, responses, pushes
    EXPECT_EQ(1u, stats.connects);
    EXPECT_EQ(1u, stats.sessions);
    const auto there = gateway.stats();
    EXPECT_EQ(1u, there.listening);
    EXPECT_EQ(1u, there.connections);
    EXPECT_EQ(1u, there.authenticated);
    EXPECT_EQ(10u, there.requests);
    EXPECT_EQ(5u, there.pushes);
  }
  EXPECT_TRUE(eventually([&] { return gateway.stats().connections == 0; }));
  const auto after = gateway.stats();
  EXPECT_EQ(0u, after.authenticated);
  EXPECT_EQ(1u, after.lost);
  EXPECT_EQ(1u, after.accepted);
  EXPECT_EQ(1u, after.sessions);
}

// ---- stop and start ----

TEST(stopping, clients_read_all_that_was_pushed_before_they_are_told) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway.address(), "\"token\": \"" + gateway.token() + "\", \"reconnect\": {\"enabled\": false}");
  client.connect();
  const uint64_t connection = gateway.connection();
  const std::string body(1000, 'p');
  size_t sent = 0;
  for (; sent < 20'000; ++sent) {
    if (gateway.push(connection, body) != LBW_OK) break;
  }
  gateway.stop_and_wait();
  ASSERT_TRUE(client.events.saw(close_is(LBW_CLOSE_SERVER_SHUTDOWN)));
  EXPECT_EQ(sent, client.events.count(is(LBW_EVENT_PUSH)));
  EXPECT_EQ(1u, gateway.events.count(close_is(LBW_CLOSE_SERVER_SHUTDOWN)));
}

TEST(stopping, a_client_that_does_not_read_is_given_so_much_time_and_no_more) {
  gateway_end gateway("\"stop\": {\"drain_ms\": 200}");
  gateway.start();
  raw_peer peer = raw_peer::to(gateway.address());
  ASSERT_TRUE(peer.authenticate(gateway.token()));
  while (gateway.push(gateway.connection(), std::string(10'000, 'x')) == LBW_OK) {
  }
  gateway.stop_and_wait();
  EXPECT_EQ(0u, gateway.stats().connections);
}

TEST(stopping, a_gateway_starts_again_on_the_same_port_with_its_sessions) {
  gateway_end gateway;
  gateway.start();
  const std::string address = gateway.address();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  EXPECT_OK(lbw_gateway_stop(gateway.handle));
  EXPECT_TRUE(gateway.events.saw(is(LBW_EVENT_STOPPED)));
  EXPECT_EQ(0u, gateway.stats().listening);
  EXPECT_OK(lbw_gateway_stop(gateway.handle));  // nothing to stop: no second event
  ASSERT_TRUE(client.events.saw(state_is(LBW_STATE_BACKING_OFF)));
  gateway.start();
  EXPECT_EQ(address, gateway.address());
  ASSERT_TRUE(client.ready(2));
  EXPECT_EQ(LBW_SESSION_RECONNECT, client.events.await(is(LBW_EVENT_SESSION), 2)->event.session.kind);
  EXPECT_EQ(1u, gateway.events.count(is(LBW_EVENT_STOPPED)));
}

TEST(stopping, a_port_that_is_taken_is_told) {
  gateway_end first;
  first.start();
  gateway_end second("", first.address());
  EXPECT_STATUS(LBW_ERR_NETWORK, lbw_gateway_start(second.handle));
  EXPECT_NE(std::string::npos, last_error().find(first.address())) << last_error();
  first.stop_and_wait();
  EXPECT_OK(lbw_gateway_start(second.handle));
}

}  // namespace
}  // namespace lbwire::e2e
