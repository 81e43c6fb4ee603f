// Configs that are refused, and what the problem says.
#include "config_fixture.h"

namespace lbwire::capi {
namespace {

using namespace test;

std::string problem_of(std::string_view text) {
  return parse_text(kind::client, text).problem;
}

TEST(Config, WrongTypesAreNamed) {
  const auto problem = [](const char* path, const json& value) { return problem_with(kind::client, path, value); };
  EXPECT_EQ(problem("reconnect.max_ms", "fast"),
            "reconnect.max_ms: must be an integer from 0 to 3600000, not a string");
  EXPECT_EQ(problem("threads", nullptr), "threads: must be an integer from 1 to 64, not null");
  EXPECT_EQ(problem("threads", json::array()), "threads: must be an integer from 1 to 64, not an array");
  EXPECT_EQ(problem("heartbeat", true), "heartbeat: must be an object, not a boolean");
  EXPECT_EQ(problem("reconnect.on", 1), "reconnect.on: must be an object, not a number");
  EXPECT_EQ(problem("reconnect.enabled", 1), "reconnect.enabled: must be true or false, not 1");
  EXPECT_EQ(problem("delivery", "poll"), "delivery: must be \"callback\" or \"queue\"");
  EXPECT_EQ(problem("delivery", json::object()), "delivery: must be \"callback\" or \"queue\", not an object");
  EXPECT_EQ(problem("reconnect.on.AuthError", "retry"),
            "reconnect.on.AuthError: must be \"resume\", \"resume_at_once\", \"reauth\", \"reauth_at_once\" "
            "or \"stop\"");
  EXPECT_EQ(problem("url", 5), "url: must be a string, not a number");
}

TEST(Config, TextIsNeverRepeatedSinceItMayBeASecretInTheWrongPlace) {
  for (const char* path : {"threads", "delivery", "reconnect.enabled", "heartbeat", "reconnect.on.AuthError"}) {
    EXPECT_EQ(problem_with(kind::client, path, "S3CRET").find("S3CRET"), std::string::npos) << path;
  }
}

TEST(Config, RequiredKeysAreNamed) {
  EXPECT_EQ(problem_of("{}"), "url: missing");
  EXPECT_EQ(parse_text(kind::gateway, "{}").problem, "tcp: missing");
}

TEST(Config, UnknownKeysGetASuggestion) {
  const auto problem = [](const char* path) { return problem_with(kind::client, path, 1); };
  EXPECT_EQ(problem("heartbeat.intervall_ms"), "heartbeat.intervall_ms: unknown key; did you mean \"interval_ms\"?");
  EXPECT_EQ(problem("heartbeats"), "heartbeats: unknown key; did you mean \"heartbeat\"?");
  EXPECT_EQ(problem("reconnect.on.autherror"), "reconnect.on.autherror: unknown key; did you mean \"AuthError\"?");
  EXPECT_EQ(problem("log-level"), "log-level: unknown key; did you mean \"log_level\"?");
  EXPECT_EQ(problem("socket.keepalive"), "socket.keepalive: unknown key; did you mean \"keepalive_s\"?");
  EXPECT_EQ(problem("requests.compress"), "requests.compress: unknown key; did you mean \"compress_from_bytes\"?");
  EXPECT_EQ(problem("no_delay"), "no_delay: unknown key; did you mean \"socket.no_delay\"?");
  EXPECT_EQ(problem("timeout_ms"), "timeout_ms: unknown key") << "there are several";
  EXPECT_EQ(problem("colour"), "colour: unknown key");
  EXPECT_EQ(problem_with(kind::gateway, "session.ttl", 1), "session.ttl: unknown key; did you mean \"ttl_ms\"?");
}

TEST(Config, DottedNamesAreNoPaths) {
  EXPECT_EQ(problem_of(R"({"url":"tcp://h","heartbeat.interval_ms":5})"),
            "\"heartbeat.interval_ms\": unknown key; what the dots divide are nested objects");
  EXPECT_EQ(problem_of(R"({"url":"tcp://h","reconnect":{"on.AuthError":"stop"}})"),
            "reconnect.\"on.AuthError\": unknown key; what the dots divide are nested objects");
}

TEST(Config, StrangeNamesAreQuotedAndCutShort) {
  EXPECT_EQ(problem_of(R"({"\u0000\n\"":1})"), "\"\\u0000\\n\\\"\": unknown key");
  EXPECT_EQ(problem_of(R"({"":1})"), "\"\": unknown key");
  EXPECT_EQ(problem_of("{\"" + std::string(100000, 'k') + "\":1}"), "\"" + std::string(40, 'k') + "…\": unknown key");
}

TEST(Config, KeysComeOnce) {
  EXPECT_EQ(problem_of(R"({"url":"tcp://h","url":"tcp://h"})"), "url: given twice");
  EXPECT_EQ(problem_of(R"({"heartbeat":{"interval_ms":1,"timeout_ms":2,"interval_ms":1}})"),
            "heartbeat.interval_ms: given twice");
  EXPECT_EQ(problem_of(R"({"heartbeat":{},"heartbeat":{}})"), "heartbeat: given twice");
  EXPECT_EQ(problem_of(R"({"x":[0,{"a":1,"a":2}]})"), "x[1].a: given twice");
}

TEST(Config, BrokenJsonHasItsPosition) {
  EXPECT_EQ(problem_of("{\"url\": tcp}"), "not valid JSON at line 1, column 10");
  EXPECT_EQ(problem_of("{\n  \"url\": \"tcp://h\",\n}"), "not valid JSON at line 3, column 1");
  EXPECT_EQ(problem_of("{\n  \"é\" 5}"), "not valid JSON at line 2, column 7");
  EXPECT_EQ(problem_of("{\"url\": \"tcp://h\""), "not valid JSON at line 1, column 18: it ends too early");
  EXPECT_EQ(problem_of("{} {}"), "not valid JSON at line 1, column 4");
  EXPECT_EQ(problem_of("{\n// why\n}"), "not valid JSON at line 2, column 1: comments are not allowed");
  EXPECT_EQ(problem_of("{\"threads\": 1e999}"), "not valid JSON at line 1, column 17: a number is too large");
  EXPECT_EQ(problem_of(std::string_view("{}\0", 3)), "not valid JSON at line 1, column 3: a NUL");
  EXPECT_EQ(problem_of("{\"url\": \"\xff\"}"), "not valid JSON at line 1, column 10");
  EXPECT_EQ(problem_of(""), "empty: a JSON object is needed");
  EXPECT_EQ(problem_of(" \n"), "empty: a JSON object is needed");
}

TEST(Config, OnlyAnObjectIsAConfig) {
  EXPECT_EQ(problem_of("[]"), "must be a JSON object, not an array");
  EXPECT_EQ(problem_of("\"tcp://h\""), "must be a JSON object, not a string");
  EXPECT_EQ(problem_of("null"), "must be a JSON object, not null");
}

TEST(Config, DepthIsLimited) {
  const auto nested = [](size_t levels) {
    return "{\"x\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(problem_of(nested(16)), "x: unknown key");
  EXPECT_EQ(problem_of(nested(17)), "nested more than 16 levels deep");
  EXPECT_EQ(problem_of(std::string(1'000'000, '[')), "nested more than 16 levels deep");
}

TEST(Config, SizeIsLimited) {
  const std::string config = R"({"url":"tcp://h"})";
  const size_t most = size_t{1} << 20;
  EXPECT_EQ(problem_of(config + std::string(most - config.size(), ' ')), "");
  EXPECT_EQ(problem_of(config + std::string(most - config.size() + 1, ' ')), "longer than 1048576 bytes");
}

}  // namespace
}  // namespace lbwire::capi
