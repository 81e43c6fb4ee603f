// Each key of a config and the option that it sets.
#include <set>
#include <vector>

#include "config_fixture.h"

namespace lbwire::capi {
namespace {

using namespace test;

struct setting {
  const char* path;
  json value;  // not the default
};

const std::vector<setting> client_settings{
    {"url", "tcp://10.0.0.1:4000"},
    {"token", "t0ken"},
    {"session", {{"session_id", "abc"}, {"expires_ms", 1893456000000}}},
    {"metadata", {{"app", "x"}, {"os", "linux"}}},
    {"delivery", "queue"},
    {"overflow", "drop_oldest"},
    {"threads", 3},
    {"log_level", "debug"},
    {"protocol.version", 2},
    {"protocol.codec", "json"},
    {"protocol.platform", 4},
    {"connect.timeout_ms", 1},
    {"auth.timeout_ms", 2},
    {"auth.token_timeout_ms", 3},
    {"heartbeat.interval_ms", 0},
    {"heartbeat.timeout_ms", 5},
    {"reconnect.enabled", false},
    {"reconnect.initial_ms", 6},
    {"reconnect.max_ms", 7000},
    {"reconnect.stable_ms", 8},
    {"reconnect.max_attempts", 9},
    {"reconnect.on.HeartbeatTimeout", "stop"},
    {"reconnect.on.ServerError", "resume_at_once"},
    {"reconnect.on.ServerShutdown", "reauth"},
    {"reconnect.on.UnpackError", "reauth_at_once"},
    {"reconnect.on.AuthError", "stop"},
    {"reconnect.on.SessExpired", "stop"},
    {"reconnect.on.ConnectDuplicate", "resume"},
    {"reconnect.on.ConnectionLost", "reauth"},
    {"reconnect.on.AuthTimeout", "stop"},
    {"reconnect.on.Unknown", "stop"},
    {"requests.when_not_ready", "wait"},
    {"requests.timeout_ms", 11},
    {"requests.max_in_flight", 12},
    {"requests.compress_from_bytes", 13},
    {"limits.max_packet_bytes", 2048},
    {"limits.max_inflated_bytes", 2049},
    {"limits.max_send_queue_bytes", 2050},
    {"limits.max_event_queue_bytes", 2051},
    {"socket.no_delay", false},
    {"socket.keepalive_s", 0},
};

const std::vector<setting> gateway_settings{
    {"tcp", "[::1]:4000"},
    {"tokens", {"one", "two"}},
    {"connection_limit", 5},
    {"session.ttl_ms", 1},
    {"auth.timeout_ms", 2},
    {"heartbeat.interval_ms", 3},
    {"heartbeat.timeout_ms", 4},
    {"stop.drain_ms", 0},
    {"stop.linger_ms", 0},
    {"requests.timeout_ms", 7},
    {"requests.max_in_flight", 8},
    {"requests.compress_from_bytes", 9},
    {"limits.max_connections", 10},
    {"limits.max_sessions", 11},
    {"limits.max_tokens", 12},
    {"limits.max_packet_bytes", 2048},
    {"limits.max_inflated_bytes", 2049},
    {"limits.max_send_queue_bytes", 2050},
    {"limits.max_event_queue_bytes", 2051},
    {"delivery", "queue"},
    {"overflow", "drop_oldest"},
    {"threads", 64},
    {"log_level", "error"},
    {"socket.no_delay", false},
    {"socket.keepalive_s", 1},
};

void expect_each_sets_its_option(kind of, const std::vector<setting>& settings) {
  const flat initial = parse(of, least(of)).options;
  std::set<std::string> covered;
  for (const auto& [path, value] : settings) {
    const outcome parsed = parse(of, with(of, path, value));
    ASSERT_TRUE(parsed.accepted) << path << ": " << parsed.problem;
    EXPECT_NE(initial.at(path), value) << path;
    flat expected = initial;
    expected[path] = value;
    EXPECT_EQ(parsed.options, expected) << path;
    covered.insert(path);
  }
  for (const auto& [path, value] : initial) EXPECT_TRUE(covered.contains(path)) << path;
}

void expect_all_together(kind of, const std::vector<setting>& settings) {
  json config = json::object();
  flat expected;
  for (const auto& [path, value] : settings) {
    config[pointer(path)] = value;
    expected[path] = value;
  }
  const outcome parsed = parse(of, config);
  EXPECT_EQ(parsed.problem, "");
  EXPECT_EQ(parsed.options, expected);
}

TEST(ConfigKeys, EachSetsItsOptionAndNoOther) {
  expect_each_sets_its_option(kind::client, client_settings);
  expect_each_sets_its_option(kind::gateway, gateway_settings);
}

TEST(ConfigKeys, AllTogether) {
  expect_all_together(kind::client, client_settings);
  expect_all_together(kind::gateway, gateway_settings);
}

TEST(ConfigKeys, WithoutThemOptionsAreTheDefaults) {
  flat client = parse(kind::client, least(kind::client)).options;
  EXPECT_EQ(client["url"], "tcp://gateway.example:2020");
  client["url"] = read_back_default(kind::client)["url"];
  EXPECT_EQ(client, read_back_default(kind::client));

  flat gateway = parse(kind::gateway, least(kind::gateway)).options;
  EXPECT_EQ(gateway["tcp"], "127.0.0.1:0");
  gateway["tcp"] = read_back_default(kind::gateway)["tcp"];
  EXPECT_EQ(gateway, read_back_default(kind::gateway));
}

TEST(ConfigKeys, AnOverrideIsStoredOnlyWhereItIsGiven) {
  std::string problem;
  const auto plain = parse_client_config(R"({"url":"tcp://h"})", problem);
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->session_options.reconnect.on.empty());
  const auto one = parse_client_config(R"({"url":"tcp://h","reconnect":{"on":{"Unknown":"stop"}}})", problem);
  ASSERT_TRUE(one);
  const session::close_action_overrides expected{{session::unknown_close_code, session::close_action::stop}};
  EXPECT_EQ(one->session_options.reconnect.on, expected);
}

TEST(ConfigKeys, EmptySectionsChangeNothing) {
  const flat initial = parse(kind::client, least(kind::client)).options;
  for (const char* section : {"protocol", "connect", "auth", "heartbeat", "reconnect", "reconnect.on", "requests",
                              "limits", "socket", "metadata"}) {
    EXPECT_EQ(parse(kind::client, with(kind::client, section, json::object())).options, initial) << section;
  }
}

TEST(ConfigKeys, RangesEndWhereTheySay) {
  struct range {
    kind of;
    const char* path;
    uint64_t min, max;
  };
  for (const auto& [of, path, min, max] : std::vector<range>{
           {kind::client, "threads", 1, 64},
           {kind::client, "protocol.version", 1, 2},
           {kind::client, "protocol.platform", 0, 15},
           {kind::client, "reconnect.max_ms", 0, 3600000},
           {kind::client, "reconnect.max_attempts", 0, 4294967295},
           {kind::client, "requests.timeout_ms", 1, 60000},
           {kind::client, "requests.max_in_flight", 1, 1048576},
           {kind::client, "requests.compress_from_bytes", 0, 16777215},
           {kind::client, "limits.max_packet_bytes", 1024, wire::max_packet_size},
           {kind::client, "socket.keepalive_s", 0, 32767},
           {kind::gateway, "session.ttl_ms", 1, 31536000000},
           {kind::gateway, "limits.max_connections", 1, 10000000},
           {kind::gateway, "connection_limit", 0, 4294967295},
       }) {
    EXPECT_EQ(problem_with(of, path, min), "") << path;
    EXPECT_EQ(problem_with(of, path, max), "") << path;
    EXPECT_EQ(parse(of, with(of, path, max)).options[path], max) << path;
    const std::string wanted = std::string(path) + ": must be an integer from " + std::to_string(min) + " to " +
                               std::to_string(max) + ", not ";
    EXPECT_EQ(problem_with(of, path, max + 1), wanted + std::to_string(max + 1));
    const int64_t below = static_cast<int64_t>(min) - 1;
    EXPECT_EQ(problem_with(of, path, below), wanted + std::to_string(below));
  }
}

TEST(ConfigKeys, IntegersMayBeWrittenAsFractionsThatAreWhole) {
  const auto problem = [](const std::string& number) {
    return parse_text(kind::client, R"({"url":"tcp://h","heartbeat":{"interval_ms":)" + number + "}}").problem;
  };
  for (const char* whole : {"250.0", "1e3", "0.0", "-0", "-0.0"}) EXPECT_EQ(problem(whole), "") << whole;
  const std::string wanted = "heartbeat.interval_ms: must be an integer from 0 to 3600000, not ";
  EXPECT_EQ(problem("0.5"), wanted + "0.5");
  EXPECT_EQ(problem("-1"), wanted + "-1");
  EXPECT_EQ(problem("-1.0"), wanted + "-1.0");
  EXPECT_EQ(problem("1e300"), wanted + "1e+300");
  EXPECT_EQ(problem("18446744073709551616"), wanted + "1.8446744073709552e+19");
  EXPECT_EQ(problem("18446744073709551615"), wanted + "18446744073709551615");
}

}  // namespace
}  // namespace lbwire::capi
