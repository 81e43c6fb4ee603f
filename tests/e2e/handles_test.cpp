// Handles that are stale, foreign or made up, arguments that make no sense, and the rules of buffers and details.
#include <random>
#include <thread>

#include "pair.h"

namespace lbwire::e2e {
namespace {

void expect_no_client(lbw_client c) {
  int32_t number = 0;
  size_t len = 0;
  char text[8];
  lbw_client_stats stats{};
  stats.size = sizeof stats;
  const lbw_event* event = nullptr;
  const auto answered = [](lbw_client, const lbw_response_event*, void*) {};
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_state(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_session(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_close(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_heartbeat(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_push(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_token(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_log(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_writable(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_on_released(c, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_connect(c));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_disconnect(c));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_set_token(c, "t", 1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_request(c, 10, nullptr, 0, 0, answered, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_cancel(c, 1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_state(c, &number));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_export_session(c, text, sizeof text, &len));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_get_stats(c, &stats));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_poll(c, &event, -1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_poll_fd(c, &number));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_destroy(c));
}

void expect_no_gateway(lbw_gateway g) {
  int32_t number = 0;
  size_t len = 0;
  uint64_t sent = 0;
  char text[8];
  lbw_gateway_stats stats{};
  stats.size = sizeof stats;
  const lbw_event* event = nullptr;
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_auth(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_session(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_close(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_heartbeat(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_request(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_writable(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_log(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_stopped(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_on_released(g, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_start(g));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_address(g, text, sizeof text, &len));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_stop(g));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_add_token(g, "t", 1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_issue_token(g, text, sizeof text, &len));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_accept(g, 1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_refuse(g, 1, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_respond(g, 1, 1, 0, nullptr, 0));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_push(g, 1, 101, nullptr, 0));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_broadcast(g, 101, nullptr, 0, &sent));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_close(g, 1, 0, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_sessions(g, text, sizeof text, &len));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_get_stats(g, &stats));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_poll(g, &event, -1));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_poll_fd(g, &number));
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_gateway_destroy(g));
}

TEST(handles, zero_and_all_ones_are_nothing) {
  for (const uint64_t made_up : {uint64_t{0}, UINT64_MAX, uint64_t{1}, (uint64_t{1} << 53) - 1}) {
    expect_no_client(made_up);
    expect_no_gateway(made_up);
  }
}

TEST(handles, random_numbers_are_nothing) {
  std::mt19937_64 random(20'240'601);
  for (size_t i = 0; i < 2000 / scale; ++i) {
    const uint64_t number = random() >> (random() % 64);
    expect_no_client(number);
    expect_no_gateway(number);
  }
}

TEST(handles, a_destroyed_one_is_nothing_even_when_its_place_is_taken_again) {
  lbw_client stale = 0;
  {
    client_end client("127.0.0.1:1");
    stale = client.handle;
    EXPECT_LT(stale, uint64_t{1} << 53);
  }
  expect_no_client(stale);
  client_end next("127.0.0.1:1");
  EXPECT_NE(stale, next.handle);
  expect_no_client(stale);
  EXPECT_EQ(LBW_STATE_IDLE, next.state());

  lbw_gateway stale_gateway = 0;
  {
    gateway_end gateway;
    stale_gateway = gateway.handle;
    EXPECT_LT(stale_gateway, uint64_t{1} << 53);
  }
  expect_no_gateway(stale_gateway);
}

TEST(handles, a_client_is_no_gateway_and_the_other_way_round) {
  gateway_end gateway;
  client_end client("127.0.0.1:1");
  expect_no_client(gateway.handle);
  expect_no_gateway(client.handle);
}

TEST(handles, connections_of_another_gateway_and_made_up_ones_are_not_found) {
  gateway_end gateway, other;
  gateway.start();
  other.start();
  client_end client(gateway);
  const uint64_t connection = gateway.connection();
  ASSERT_NE(0u, connection);
  std::mt19937_64 random(7);
  std::vector<uint64_t> made_up{0, UINT64_MAX, connection + 1, client.handle, gateway.handle};
  for (int i = 0; i < 200; ++i) made_up.push_back(random() >> (random() % 64));
  for (const uint64_t c : made_up) {
    if (c == connection) continue;
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_push(gateway.handle, c, 101, "x", 1));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_close(gateway.handle, c, 1, ""));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_accept(gateway.handle, c));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_refuse(gateway.handle, c, nullptr));
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_respond(gateway.handle, c, 1, 0, nullptr, 0));
  }
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_push(other.handle, connection, 101, "x", 1));
  EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_gateway_respond(gateway.handle, connection, 12345, 0, nullptr, 0));
}

TEST(handles, requests_that_never_were_or_have_ended_are_not_found) {
  gateway_end gateway;
  gateway.start();
  client_end client(gateway);
  ASSERT_TRUE(client.ready());
  uint64_t id = 0;
  ASSERT_OK(client.request("x", &id));
  EXPECT_NE(0u, id);
  EXPECT_LT(id, uint64_t{1} << 53);
  ASSERT_TRUE(client.events.saw(response_to(id)));
  for (const uint64_t request : {id, uint64_t{0}, id + 1, UINT64_MAX})
    EXPECT_STATUS(LBW_ERR_NOT_FOUND, lbw_client_cancel(client.handle, request));
}

TEST(handles, null_arguments_are_named) {
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_create(nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_create("{}", nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_create("{}", nullptr));
  gateway_end gateway;
  client_end client("127.0.0.1:1");
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_state(client.handle, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_get_stats(client.handle, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_poll(client.handle, nullptr, 0));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_poll_fd(client.handle, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_set_token(client.handle, nullptr, 3));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_set_token(client.handle, "", 0));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_add_token(gateway.handle, "", 0));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_push(gateway.handle, 1, 101, nullptr, 3));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_gateway_push(gateway.handle, 1, 3, "x", 1));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, client.request("x", nullptr, 3));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, client.request("x", nullptr, 10, 60001));
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT,
                lbw_client_request(client.handle, 10, nullptr, 0, 0, nullptr, nullptr, nullptr));
  lbw_client_stats unsized{};
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_client_get_stats(client.handle, &unsized));
}

TEST(handles, a_config_that_is_wrong_names_the_key) {
  struct wrong {
    const char* config;
    const char* key;
  };
  const wrong clients[] = {
      {"{\"url\": \"tcp://h\", \"reconnect\": {\"max_ms\": \"soon\"}}", "reconnect.max_ms"},
      {"{\"url\": \"tcp://h\", \"reconect\": {}}", "reconect"},
      {"{\"url\": \"http://h\"}", "url"},
      {"{}", "url"},
      {"{\"url\": \"tcp://h\", \"heartbeat\": {\"interval_ms\": -1}}", "heartbeat.interval_ms"},
      {"{\"url\": \"tcp://h\", \"delivery\": \"pigeon\"}", "delivery"},
  };
  for (const wrong& w : clients) {
    lbw_client client = 99;
    EXPECT_STATUS(LBW_ERR_INVALID_CONFIG, lbw_client_create(w.config, &client)) << w.config;
    EXPECT_EQ(0u, client);
    EXPECT_NE(std::string::npos, last_error().find(w.key)) << last_error();
  }
  lbw_gateway gateway = 99;
  EXPECT_STATUS(LBW_ERR_INVALID_CONFIG, lbw_gateway_create("{\"tcp\": \"127.0.0.1:0\", \"tokens\": [7]}", &gateway));
  EXPECT_EQ(0u, gateway);
  EXPECT_NE(std::string::npos, last_error().find("tokens")) << last_error();
  EXPECT_STATUS(LBW_ERR_INVALID_CONFIG, lbw_gateway_create("{\"tcp\":", &gateway));
}

TEST(handles, the_detail_of_a_failure_is_the_thread_s_own_and_stays_until_the_next) {
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_connect(1));
  const std::string mine = last_error();
  EXPECT_NE("", mine);
  std::string fresh = "not empty", theirs;
  std::thread([&] {
    fresh = last_error();
    lbw_client_set_token(1, "t", 1);
    lbw_client other = 0;
    lbw_client_create("{}", &other);
    theirs = last_error();
  }).join();
  EXPECT_EQ("", fresh);
  EXPECT_NE(mine, theirs);
  client_end client("127.0.0.1:1");  // succeeds
  EXPECT_EQ(mine, last_error());
}

TEST(handles, a_buffer_that_is_too_small_is_told_how_much_it_takes) {
  EXPECT_STATUS(LBW_ERR_INVALID_HANDLE, lbw_client_connect(1));
  const std::string detail = last_error();
  size_t len = 0;
  EXPECT_STATUS(LBW_ERR_BUFFER_TOO_SMALL, lbw_last_error(nullptr, 0, &len));
  EXPECT_EQ(detail.size(), len);
  std::vector<char> exact(len + 1, 'x');
  EXPECT_STATUS(LBW_ERR_BUFFER_TOO_SMALL, lbw_last_error(exact.data(), len, nullptr));
  EXPECT_EQ('\0', exact[0]);
  EXPECT_EQ('x', exact[1]);
  EXPECT_STATUS(LBW_OK, lbw_last_error(exact.data(), len + 1, &len));
  EXPECT_EQ(detail, exact.data());
  EXPECT_STATUS(LBW_ERR_INVALID_ARGUMENT, lbw_last_error(nullptr, 10, &len));

  gateway_end gateway;
  char text[64] = "?";
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_gateway_address(gateway.handle, text, sizeof text, &len));
  gateway.start();
  EXPECT_STATUS(LBW_ERR_BUFFER_TOO_SMALL, lbw_gateway_address(gateway.handle, nullptr, 0, &len));
  EXPECT_STATUS(LBW_ERR_BUFFER_TOO_SMALL, lbw_gateway_address(gateway.handle, text, 5, &len));
  EXPECT_STREQ("", text);
  EXPECT_STATUS(LBW_OK, lbw_gateway_address(gateway.handle, text, len + 1, nullptr));
  EXPECT_EQ(len, std::string(text).size());
  EXPECT_STATUS(LBW_ERR_BUFFER_TOO_SMALL, lbw_gateway_issue_token(gateway.handle, text, 32, &len));
  EXPECT_EQ(32u, len);
}

TEST(handles, handlers_are_not_taken_once_the_handle_is_at_work) {
  gateway_end gateway;
  gateway.start();
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_gateway_on_log(gateway.handle, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_gateway_start(gateway.handle));
  client_end client(gateway);
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_on_state(client.handle, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_on_released(client.handle, nullptr, nullptr));
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_connect(client.handle));
  EXPECT_OK(lbw_client_disconnect(client.handle));
  EXPECT_STATUS(LBW_ERR_INVALID_STATE, lbw_client_on_state(client.handle, nullptr, nullptr));
}

}  // namespace
}  // namespace lbwire::e2e
