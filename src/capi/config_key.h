// One key of a config: what the parser accepts for it, where that goes, and how the schema describes it.
//
// A key holds a reference to its field. What the field has when the schema is made is the default.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "capi/config_problem.h"

namespace lbwire::capi {

enum class need { optional, required };

class config_key {
 public:
  config_key(const char* path, const char* meaning, need needed = need::optional)
      : path_(path), meaning_(meaning), needed_(needed) {}
  virtual ~config_key() = default;
  config_key(const config_key&) = delete;
  config_key& operator=(const config_key&) = delete;

  std::string_view path() const { return path_; }  // dotted, from the object that the table is for
  bool required() const { return needed_ == need::required; }

  // Stores the value, or throws config_refused. `path` is the key's full name.
  virtual void read(const nlohmann::json& value, const std::string& path) const = 0;

  // The value's schema, with the description first.
  nlohmann::ordered_json schema() const;

 protected:
  virtual nlohmann::ordered_json constraints() const = 0;
  // What the description adds to the meaning, so that the two cannot differ: "Milliseconds, 0 to 3600000".
  virtual std::string shape() const = 0;

 private:
  const char* path_;
  const char* meaning_;
  need needed_;
};

// ---- integers ----

enum class unit { none, bytes, milliseconds, seconds };

struct integer_range {
  uint64_t min, max;
  unit in = unit::none;
};

uint64_t read_integer(const nlohmann::json& value, const integer_range& range, const std::string& path, secrecy secret);
std::string integer_shape(const integer_range& range);

// Field: a type of integer, an enum of numbers, or milliseconds.
template <class Field>
class integer_key : public config_key {
 public:
  integer_key(const char* path, Field& field, const integer_range& range, const char* meaning,
              need needed = need::optional, secrecy secret = secrecy::open)
      : config_key(path, meaning, needed), field_(field), range_(range), secret_(secret) {}

  void read(const nlohmann::json& value, const std::string& path) const override {
    const uint64_t number = read_integer(value, range_, path, secret_);
    if constexpr (std::is_same_v<Field, std::chrono::milliseconds>) {
      field_ = Field(static_cast<int64_t>(number));
    } else {
      field_ = static_cast<Field>(number);
    }
  }

 protected:
  nlohmann::ordered_json constraints() const override {
    nlohmann::ordered_json out{{"type", "integer"}, {"minimum", range_.min}, {"maximum", range_.max}};
    if (!required()) out["default"] = number();
    return out;
  }
  std::string shape() const override { return integer_shape(range_); }

 private:
  uint64_t number() const {
    if constexpr (std::is_same_v<Field, std::chrono::milliseconds>) {
      return static_cast<uint64_t>(field_.count());
    } else {
      return static_cast<uint64_t>(field_);
    }
  }

  Field& field_;
  integer_range range_;
  secrecy secret_;
};

// ---- true and false ----

class flag_key : public config_key {
 public:
  flag_key(const char* path, bool& field, const char* meaning) : config_key(path, meaning), field_(field) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override { return "True or false"; }

 private:
  bool& field_;
};

// ---- one of some names ----

size_t read_choice(const nlohmann::json& value, const std::vector<const char*>& names, const std::string& path);
nlohmann::ordered_json choice_constraints(const std::vector<const char*>& names, const char* initial);
std::string choice_shape(const std::vector<const char*>& names);

template <class Field>
using choices = std::vector<std::pair<const char*, Field>>;

template <class Field>
std::vector<const char*> names_of(const choices<Field>& all) {
  std::vector<const char*> names;
  for (const auto& [name, meant] : all) names.push_back(name);
  return names;
}

template <class Field>
const char* name_of(const choices<Field>& all, const Field& value) {
  for (const auto& [name, meant] : all) {
    if (meant == value) return name;
  }
  return nullptr;
}

template <class Field>
class choice_key : public config_key {
 public:
  choice_key(const char* path, Field& field, choices<Field> all, const char* meaning)
      : config_key(path, meaning), field_(field), all_(std::move(all)) {}

  void read(const nlohmann::json& value, const std::string& path) const override {
    field_ = all_[read_choice(value, names_of(all_), path)].second;
  }

 protected:
  nlohmann::ordered_json constraints() const override {
    return choice_constraints(names_of(all_), name_of(all_, field_));
  }
  std::string shape() const override { return choice_shape(names_of(all_)); }

 private:
  Field& field_;
  choices<Field> all_;
};

// ---- text ----

struct text_length {
  size_t min, max;  // bytes
};

const std::string& read_text(const nlohmann::json& value, const text_length& length, const std::string& path);
nlohmann::ordered_json text_constraints(const text_length& length);

// Text is a secret, whatever its key: what belongs to one key comes in another's place by mistake.
class text_key : public config_key {
 public:
  text_key(const char* path, std::string& field, const text_length& length, const char* meaning,
           need needed = need::optional)
      : config_key(path, meaning, needed), field_(field), length_(length) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  std::string& field_;
  text_length length_;
};

}  // namespace lbwire::capi
