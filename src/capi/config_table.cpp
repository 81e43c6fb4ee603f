#include "capi/config_table.h"

#include <algorithm>
#include <set>

#include "capi/config_suggestion.h"

namespace lbwire::capi {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

std::string_view section_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view name_in(std::string_view path) {
  return path.substr(path.rfind('.') + 1);  // npos + 1 is 0
}

std::string in_section(const std::string& section, const std::string& name) {
  return section.empty() ? name : section + "." + name;
}

ordered_json object_schema(const char* description) {
  return {{"description", description},
          {"type", "object"},
          {"additionalProperties", false},
          {"properties", ordered_json::object()}};
}

}  // namespace

// One object's way through the table: `section` is where in the table, `full` where in the config.
class config_table::walk {
 public:
  explicit walk(const config_table& table) : table_(table) {}

  void object(const json& members, const std::string& section, const std::string& full) {
    for (const auto& [name, value] : members.items()) {
      member(name, value, section, join_path(full, name));
    }
  }

  bool saw(const config_key& key) const { return seen_.contains(&key); }

 private:
  void member(const std::string& name, const json& value, const std::string& section, const std::string& full) {
    // A dot would make a name look like the path of a key further in.
    const bool plain = name.find('.') == std::string::npos;
    const std::string path = in_section(section, name);
    if (const config_key* const key = plain ? table_.find_key(path) : nullptr) {
      key->read(value, full);
      seen_.insert(key);
    } else if (plain && table_.find_section(path) != nullptr) {
      if (!value.is_object()) refuse(full, "must be an object, not " + shown(value, secrecy::secret));
      object(value, path, full);
    } else {
      table_.refuse_unknown(section, name, full);
    }
  }

  const config_table& table_;
  std::set<const config_key*> seen_;
};

void config_table::read(const json& object, const std::string& root) const {
  walk from_root(*this);
  from_root.object(object, {}, root);
  for (const auto& key : keys_) {
    if (key->required() && !from_root.saw(*key)) refuse(join_path(root, key->path()), "missing");
  }
}

ordered_json config_table::schema(const char* description) const {
  ordered_json root = object_schema(description);
  for (const auto& key : keys_) {
    ordered_json* object = &root;
    for (size_t dot = key->path().find('.'); dot != std::string_view::npos; dot = key->path().find('.', dot + 1)) {
      const std::string_view section = key->path().substr(0, dot);
      ordered_json& inner = (*object)["properties"][std::string(name_in(section))];
      if (inner.is_null()) inner = object_schema(find_section(section)->meaning);
      object = &inner;
    }
    (*object)["properties"][std::string(name_in(key->path()))] = key->schema();
    if (key->required()) root["required"].push_back(std::string(key->path()));
  }
  return root;
}

const config_key* config_table::find_key(std::string_view path) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const auto& key) { return key->path() == path; });
  return found == keys_.end() ? nullptr : found->get();
}

const config_table::nested* config_table::find_section(std::string_view path) const {
  const auto found =
      std::find_if(sections_.begin(), sections_.end(), [&](const nested& one) { return one.path == path; });
  return found == sections_.end() ? nullptr : &*found;
}

std::vector<std::string_view> config_table::names_in(std::string_view section) const {
  std::vector<std::string_view> names;
  for (const auto& key : keys_) {
    if (section_of(key->path()) == section) names.push_back(name_in(key->path()));
  }
  for (const nested& one : sections_) {
    if (section_of(one.path) == section) names.push_back(name_in(one.path));
  }
  return names;
}

// The path of the only key of this name, "" if there are several or none.
std::string_view config_table::path_ending_in(std::string_view name) const {
  std::string_view only;
  for (const auto& key : keys_) {
    if (name_in(key->path()) != name) continue;
    if (!only.empty()) return {};
    only = key->path();
  }
  return only;
}

void config_table::refuse_unknown(const std::string& section, const std::string& name, const std::string& full) const {
  // A name without dots would have been found.
  if (find_key(in_section(section, name)) != nullptr) {
    refuse(full, "unknown key; what the dots divide are nested objects");
  }
  std::string_view meant = nearest_name(name, names_in(section));
  if (meant.empty()) meant = path_ending_in(name);
  refuse(full,
         meant.empty() ? std::string("unknown key") : "unknown key; did you mean " + quoted(std::string(meant)) + "?");
}

}  // namespace lbwire::capi
