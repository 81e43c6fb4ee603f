// Keys that are more than one number or word: addresses, tokens, sessions, metadata, and what two keys say
// together.
#include "config_fixture.h"

namespace lbwire::capi {
namespace {

using namespace test;

TEST(ConfigValues, AddressesAreChecked) {
  const auto url = [](const std::string& text) { return problem_with(kind::client, "url", text); };
  EXPECT_EQ(url("tcp://[::1]:2020"), "");
  EXPECT_EQ(url("http://h"), "url: the URL must be tcp://HOST:PORT");
  EXPECT_EQ(url(""), "url: must not be empty");
  EXPECT_EQ(url("tcp://h:99999"), "url: the port must be a number from 0 to 65535");
  const std::string blank = "url: must have no spaces or control characters in it";
  EXPECT_EQ(url(std::string("tcp://ho\0st", 11)), blank);
  EXPECT_EQ(url("tcp://ho st"), blank);
  EXPECT_EQ(url("tcp://host\n"), blank);
  EXPECT_EQ(url("tcp://" + std::string(2000, 'h')), "url: may have 1024 bytes, not 2006");

  const auto tcp = [](const std::string& text) { return problem_with(kind::gateway, "tcp", text); };
  EXPECT_EQ(tcp("localhost"), "tcp: the port is missing: HOST:PORT, port 0 for any that is free");
  EXPECT_EQ(tcp(std::string("127.0.0.1\0:1", 12)), "tcp: must have no spaces or control characters in it");
}

TEST(ConfigValues, TokensOfAGateway) {
  const auto tokens = [](const json& value) { return problem_with(kind::gateway, "tokens", value); };
  EXPECT_EQ(tokens(json::array()), "");
  EXPECT_EQ(tokens("one"), "tokens: must be an array of strings, not a string");
  EXPECT_EQ(tokens({"one", 2}), "tokens[1]: must be a string, not a number");
  EXPECT_EQ(tokens({"one", ""}), "tokens[1]: must not be empty");
  EXPECT_EQ(tokens({"one", "two", "one"}), "tokens[2]: the same as tokens[0]");
  EXPECT_EQ(tokens(json::array({std::string(16384, 'x')})), "");
  EXPECT_EQ(tokens(json::array({std::string(16385, 'x')})), "tokens[0]: may have 16384 bytes, not 16385");
}

TEST(ConfigValues, NoMoreTokensThanTheGatewayKeeps) {
  json config = with(kind::gateway, "tokens", {"one", "two"});
  config["limits"]["max_tokens"] = 2;
  EXPECT_EQ(parse(kind::gateway, config).problem, "");
  config["limits"]["max_tokens"] = 1;
  EXPECT_EQ(parse(kind::gateway, config).problem, "tokens: there are 2, more than limits.max_tokens, which is 1");
}

TEST(ConfigValues, SessionsAsObjectOrAsItsText) {
  const json session{{"session_id", "abc"}, {"expires_ms", 1893456000000}};
  for (const json& form : {session, json(session.dump())}) {
    const outcome parsed = parse(kind::client, with(kind::client, "session", form));
    EXPECT_EQ(parsed.problem, "");
    EXPECT_EQ(parsed.options.at("session"), session);
  }
}

TEST(ConfigValues, SessionsAreChecked) {
  const auto problem = [](const json& value) { return problem_with(kind::client, "session", value); };
  EXPECT_EQ(problem(5), "session: must be an object or its JSON text, not a number");
  EXPECT_EQ(problem(json::object()), "session.session_id: missing");
  EXPECT_EQ(problem({{"session_id", "abc"}}), "session.expires_ms: missing");
  EXPECT_EQ(problem({{"session_id", ""}, {"expires_ms", 1}}), "session.session_id: must not be empty");
  EXPECT_EQ(problem({{"sesion_id", "abc"}, {"expires_ms", 1}}),
            "session.sesion_id: unknown key; did you mean \"session_id\"?");
  EXPECT_EQ(problem({{"session_id", "abc"}, {"expires_ms", -1}}),
            "session.expires_ms: must be an integer from 0 to 9007199254740991, not -1");
  EXPECT_EQ(problem(""), "session: empty: a JSON object is needed");
  EXPECT_EQ(problem("abc"), "session: not valid JSON at line 1, column 1");
  EXPECT_EQ(problem("[]"), "session: must be a JSON object, not an array");
  EXPECT_EQ(problem(R"({"session_id": 7})"), "session.session_id: must be a string, not a number");
  EXPECT_EQ(problem(R"({"session_id":"a","session_id":"b"})"), "session.session_id: given twice");
}

TEST(ConfigValues, Metadata) {
  const auto problem = [](const json& value) { return problem_with(kind::client, "metadata", value); };
  EXPECT_EQ(problem({{"a.b", ""}, {"", "x"}}), "");
  EXPECT_EQ(problem({{"app", 5}}), "metadata.app: must be a string, not a number");
  EXPECT_EQ(problem(json::array({"app"})), "metadata: must be an object of strings, not an array");
  EXPECT_EQ(problem({{"k", std::string(32767, 'x')}}), "");
  EXPECT_EQ(problem({{"k", std::string(32768, 'x')}}),
            "metadata: names and values may have 32768 bytes in all, not 32769");
}

TEST(ConfigValues, TheBackOffBeginsBelowItsCeiling) {
  const auto parsed = [](const json& reconnect) {
    return parse(kind::client, with(kind::client, "reconnect", reconnect));
  };
  EXPECT_EQ(parsed({{"initial_ms", 500}, {"max_ms", 500}}).problem, "");
  EXPECT_EQ(parsed({{"initial_ms", 501}, {"max_ms", 500}}).problem,
            "reconnect.initial_ms: must not be more than reconnect.max_ms, which is 500");
  EXPECT_EQ(parsed({{"initial_ms", 30001}}).problem,
            "reconnect.initial_ms: must not be more than reconnect.max_ms, which is 30000");
  EXPECT_EQ(parsed({{"max_ms", 100}}).options["reconnect.initial_ms"], 100);
}

TEST(ConfigValues, SecretsAreNeverRepeated) {
  const std::string secret = "hunter2";
  const auto hides = [&](const outcome& refused) {
    EXPECT_FALSE(refused.accepted);
    EXPECT_EQ(refused.problem.find(secret), std::string::npos) << refused.problem;
  };
  for (const char* path : {"token", "session", "url", "metadata", "heartbeat", "auth", "reconnect.on"}) {
    hides(parse(kind::client, with(kind::client, path, json::array({secret}))));
  }
  for (const char* path : {"session", "url", "heartbeat", "auth", "reconnect.on"}) {
    hides(parse(kind::client, with(kind::client, path, secret)));
  }
  hides(parse(kind::client, with(kind::client, "token", std::string(20000, 'x') + secret)));
  hides(parse(kind::client, with(kind::client, "session", {{"session_id", json::array({secret})}, {"expires_ms", 1}})));
  hides(parse(kind::client, with(kind::client, "session", {{"session_id", "a"}, {"expires_ms", secret}})));
  hides(parse(kind::client, with(kind::client, "session", R"({"session_id":")" + secret + "\", oops")));
  hides(parse(kind::client, with(kind::client, "url", "tcp://h/?token=" + secret)));
  hides(parse_text(kind::client, R"({"url":"tcp://h","token":")" + secret));
  hides(parse_text(kind::client, R"({"url":"tcp://h","token":)" + secret + "}"));
  hides(parse_text(kind::client, R"({"token":")" + secret + R"(","token":")" + secret + "\"}"));
  hides(parse(kind::gateway, with(kind::gateway, "tokens", secret)));
  hides(parse(kind::gateway, with(kind::gateway, "tokens", json::array({secret, secret}))));
  hides(parse(kind::gateway, with(kind::gateway, "tokens", json::array({json::array({secret})}))));
  EXPECT_EQ(problem_with(kind::client, "token", 4711), "token: must be a string, not a number");
}

}  // namespace
}  // namespace lbwire::capi
