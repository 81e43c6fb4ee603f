// The kinds of keys that are more than one number, word or piece of text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capi/config_key.h"
#include "session/client_options.h"
#include "transport/endpoint.h"

namespace lbwire::capi {

// A host and a port, in the form that `parse` takes.
class address_key : public config_key {
 public:
  using parser = std::optional<transport::endpoint> (*)(std::string_view text, std::string& problem);
  address_key(const char* path, transport::endpoint& field, parser parse, const char* example, const char* meaning)
      : config_key(path, meaning, need::required), field_(field), parse_(parse), example_(example) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  transport::endpoint& field_;
  parser parse_;
  const char* example_;
};

// An object whose members are all strings.
class string_map_key : public config_key {
 public:
  string_map_key(const char* path, wire::string_map& field, size_t max_bytes, const char* meaning)
      : config_key(path, meaning), field_(field), max_bytes_(max_bytes) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  wire::string_map& field_;
  size_t max_bytes_;
};

// An array of secrets, no two of them the same.
class secret_list_key : public config_key {
 public:
  secret_list_key(const char* path, std::vector<std::string>& field, const text_length& length, const char* meaning)
      : config_key(path, meaning), field_(field), length_(length) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  std::vector<std::string>& field_;
  text_length length_;
};

// A session that lbw_client_export_session gave: the object, or its text.
class session_key : public config_key {
 public:
  session_key(const char* path, session::resumable_session& field, const char* meaning)
      : config_key(path, meaning), field_(field) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  session::resumable_session& field_;
};

// What the client does after a close with this code; without the key, what the protocol suggests.
class close_action_key : public config_key {
 public:
  close_action_key(const char* path, session::close_action_overrides& overrides, int32_t code, const char* meaning)
      : config_key(path, meaning), overrides_(overrides), code_(code) {}
  void read(const nlohmann::json& value, const std::string& path) const override;

 protected:
  nlohmann::ordered_json constraints() const override;
  std::string shape() const override;

 private:
  session::close_action_overrides& overrides_;
  int32_t code_;
};

}  // namespace lbwire::capi
