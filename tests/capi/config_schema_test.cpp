// The schema says what the parser does: values made from it are accepted, values that break it are refused.
#include <algorithm>
#include <functional>
#include <set>
#include <thread>
#include <vector>

#include "config_fixture.h"

namespace lbwire::capi {
namespace {

using namespace test;

const json& schema() {
  static const json parsed = json::parse(config_schema());
  return parsed;
}

const json& schema_of(kind of) {
  return schema().at("$defs").at(of == kind::client ? "client" : "gateway");
}

bool is_section(const json& one) {
  return one.contains("properties");
}

using visitor = std::function<void(const std::string& path, const json& schema)>;

void visit(const json& object, const std::string& root, const visitor& section, const visitor& key) {
  section(root, object);
  for (const auto& [name, one] : object.at("properties").items()) {
    const std::string path = root.empty() ? name : root + "." + name;
    if (is_section(one)) {
      visit(one, path, section, key);
    } else {
      key(path, one);
    }
  }
}

void for_each_key(kind of, const visitor& key) {
  visit(
      schema_of(of), "", [](const std::string&, const json&) {}, key);
}

std::vector<json> valid_values(const json& one) {
  std::vector<json> values;
  for (const char* single : {"default", "minimum", "maximum"}) {
    if (one.contains(single)) values.push_back(one.at(single));
  }
  for (const char* list : {"enum", "examples"}) {
    if (one.contains(list)) values.insert(values.end(), one.at(list).begin(), one.at(list).end());
  }
  if (one.value("type", "") == "boolean") values.insert(values.end(), {true, false});
  if (one.contains("maxLength") && !one.contains("examples")) values.push_back(std::string(one.at("maxLength"), 'x'));
  if (one.value("type", "") == "array") values.push_back(json::array({"one", "two"}));
  if (one.value("type", "") == "object") values.push_back({{"one", "two"}});
  return values;
}

bool type_allows(const json& one, const json& value) {
  if (one.contains("anyOf")) {
    return std::any_of(one.at("anyOf").begin(), one.at("anyOf").end(),
                       [&](const json& each) { return type_allows(each, value); });
  }
  const std::string type = one.at("type");
  return (type == "integer" && value.is_number_integer()) || type == value.type_name();
}

std::vector<json> invalid_values(const json& one) {
  std::vector<json> values;
  for (const json& any : {json(nullptr), json(true), json(7), json(0.5), json("text"), json::array(), json::object()}) {
    if (!type_allows(one, any)) values.push_back(any);
  }
  if (one.contains("minimum")) values.push_back(one.at("minimum").get<int64_t>() - 1);
  if (one.contains("maximum")) values.push_back(one.at("maximum").get<int64_t>() + 1);
  if (one.contains("enum")) values.insert(values.end(), {"no such word", ""});
  if (one.contains("minLength")) values.push_back("");
  if (one.contains("maxLength")) values.push_back(std::string(one.at("maxLength").get<size_t>() + 1, 'x'));
  if (one.value("uniqueItems", false)) values.push_back(json::array({"same", "same"}));
  if (one.contains("items")) values.insert(values.end(), {json::array({5}), json::array({""})});
  if (one.value("type", "") == "object") values.push_back({{"one", 2}});
  if (one.contains("anyOf")) values.insert(values.end(), {json::object(), json("text")});
  return values;
}

class ConfigSchema : public ::testing::TestWithParam<kind> {};

TEST_P(ConfigSchema, HasEveryOptionAndNoOther) {
  std::set<std::string> keys, options;
  for_each_key(GetParam(), [&](const std::string& path, const json&) { keys.insert(path); });
  for (const auto& [path, value] : read_back_default(GetParam())) options.insert(path);
  EXPECT_EQ(keys, options);
}

TEST_P(ConfigSchema, ValuesThatItAllowsAreAccepted) {
  for_each_key(GetParam(), [](const std::string& path, const json& one) {
    const std::vector<json> values = valid_values(one);
    EXPECT_FALSE(values.empty()) << path;
    for (const json& value : values) {
      json config = with(GetParam(), path, value);
      if (path == "reconnect.initial_ms") config["reconnect"]["max_ms"] = one.at("maximum");
      const outcome parsed = parse(GetParam(), config);
      EXPECT_TRUE(parsed.accepted) << parsed.problem;
      if (!parsed.accepted || one.contains("examples")) continue;
      EXPECT_EQ(parsed.options.at(path), value) << path;
    }
  });
}

TEST_P(ConfigSchema, ValuesThatItForbidsAreRefusedByName) {
  for_each_key(GetParam(), [](const std::string& path, const json& one) {
    const std::vector<json> values = invalid_values(one);
    EXPECT_GE(values.size(), 4u) << path;
    for (const json& value : values) {
      const std::string problem = problem_with(GetParam(), path, value);
      EXPECT_TRUE(problem.starts_with(path)) << path << " = " << value << ": " << problem;
    }
  });
}

TEST_P(ConfigSchema, DefaultsAreThoseOfTheOptions) {
  flat initial = read_back_default(GetParam());
  for_each_key(GetParam(), [&](const std::string& path, const json& one) {
    if (path == "url" || path == "tcp" || path == "session") {
      EXPECT_FALSE(one.contains("default")) << path;
    } else {
      EXPECT_EQ(one.at("default"), initial.at(path)) << path;
    }
  });
}

TEST_P(ConfigSchema, SectionsTakeNoOtherKeyAndNothingButAnObject) {
  const auto check = [](const std::string& path, const json& section) {
    EXPECT_EQ(section.at("type"), "object") << path;
    EXPECT_EQ(section.at("additionalProperties"), false) << path;
    const std::string strange = path.empty() ? "zzzzzzzz" : path + ".zzzzzzzz";
    EXPECT_EQ(problem_with(GetParam(), strange, 1), strange + ": unknown key");
    if (path.empty()) return;
    for (const json& value : {json(nullptr), json(1), json("text"), json::array(), json(false)}) {
      EXPECT_TRUE(problem_with(GetParam(), path, value).starts_with(path + ": must be an object, not ")) << path;
    }
  };
  visit(schema_of(GetParam()), "", check, [](const std::string&, const json&) {});
}

TEST_P(ConfigSchema, EverythingIsDescribed) {
  const auto check = [](const std::string& path, const json& one) {
    const std::string text = one.value("description", "");
    EXPECT_TRUE(text.size() >= 10 && text.ends_with('.')) << path << ": " << text;
    if (one.contains("maximum")) {
      const std::string range = one.at("minimum").dump() + " to " + one.at("maximum").dump();
      EXPECT_NE(text.find(range), std::string::npos) << path << ": " << text;
    }
    if (one.contains("enum")) {
      for (const json& word : one.at("enum")) EXPECT_NE(text.find(word.dump()), std::string::npos) << path;
    }
  };
  visit(schema_of(GetParam()), "", check, check);
}

TEST_P(ConfigSchema, RequiredKeysAreRequired) {
  for (const json& name : schema_of(GetParam()).at("required")) {
    EXPECT_EQ(parse_text(GetParam(), "{}").problem, name.get<std::string>() + ": missing");
  }
}

INSTANTIATE_TEST_SUITE_P(Of, ConfigSchema, ::testing::Values(kind::client, kind::gateway),
                         [](const auto& of) { return of.param == kind::client ? "Client" : "Gateway"; });

TEST(ConfigSchemaText, IsASchemaWithTwoDefinitions) {
  EXPECT_EQ(schema().at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema().at("anyOf"), json::parse(R"([{"$ref": "#/$defs/client"}, {"$ref": "#/$defs/gateway"}])"));
  EXPECT_EQ(schema().at("$defs").size(), 2u);
}

TEST(ConfigSchemaText, MarksSecrets) {
  for (const auto& [of, name] :
       {std::pair(kind::client, "token"), std::pair(kind::client, "session"), std::pair(kind::gateway, "tokens")}) {
    EXPECT_EQ(schema_of(of).at("properties").at(name).at("writeOnly"), true) << name;
  }
}

TEST(ConfigSchemaText, IsTheSameTextOnEveryThread) {
  std::vector<const char*> seen(4);
  std::vector<std::thread> threads;
  for (const char*& one : seen) threads.emplace_back([&one] { one = config_schema(); });
  for (std::thread& thread : threads) thread.join();
  for (const char* one : seen) EXPECT_EQ(one, config_schema());
}

}  // namespace
}  // namespace lbwire::capi
