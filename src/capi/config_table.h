// The keys that a config object may have. The parser walks a document by it, and the schema is made from it.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "capi/config_key.h"

namespace lbwire::capi {

class config_table {
 public:
  // Adds a key of this kind; schema and table keep the order.
  template <class Key, class... Arguments>
  void add(const char* path, Arguments&&... arguments) {
    keys_.push_back(std::make_unique<Key>(path, std::forward<Arguments>(arguments)...));
  }

  // A nested object, whose keys come after it: their paths begin with its path and a dot.
  void section(const char* path, const char* meaning) { sections_.push_back({path, meaning}); }

  template <class Field>
  void integer(const char* path, Field& field, const integer_range& range, const char* meaning) {
    add<integer_key<Field>>(path, field, range, meaning);
  }
  void flag(const char* path, bool& field, const char* meaning) { add<flag_key>(path, field, meaning); }
  template <class Field>
  void choice(const char* path, Field& field, std::type_identity_t<choices<Field>> all, const char* meaning) {
    add<choice_key<Field>>(path, field, std::move(all), meaning);
  }

  // Stores what the object says, or throws config_refused. `root` is the full name of the object, "" for a
  // config.
  void read(const nlohmann::json& object, const std::string& root = {}) const;

  nlohmann::ordered_json schema(const char* description) const;

 private:
  struct nested {
    std::string_view path;
    const char* meaning;
  };
  class walk;

  const config_key* find_key(std::string_view path) const;
  const nested* find_section(std::string_view path) const;
  std::vector<std::string_view> names_in(std::string_view section) const;
  std::string_view path_ending_in(std::string_view name) const;
  [[noreturn]] void refuse_unknown(const std::string& section, const std::string& name, const std::string& full) const;

  std::vector<std::unique_ptr<config_key>> keys_;
  std::vector<nested> sections_;
};

}  // namespace lbwire::capi
