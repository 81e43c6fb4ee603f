#include "capi/config_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "capi/config_problem.h"

namespace lbwire::capi {

namespace {

using nlohmann::json;

// "line 3, column 7" of the character at `offset`; columns count characters, not bytes.
std::string position(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::string_view of_line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  const auto column = 1 + std::count_if(of_line.begin(), of_line.end(),
                                        [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Builds the document as nlohmann's own reader does, but refuses in time what is too deep or given twice.
class document_reader : public nlohmann::json_sax<json> {
 public:
  document_reader(std::string_view text, std::string path) : text_(text), root_path_(std::move(path)) {}

  json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // never in text

  bool start_object(size_t) override { return open(json::object()); }
  bool start_array(size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    key_ = std::move(name);
    if (open_.back()->contains(key_)) refuse(join_path(path(), key_), "given twice");
    return true;
  }

  // The library's own text quotes what it read, so it is not used.
  bool parse_error(size_t read, const std::string&, const json::exception& error) override {
    constexpr int number_out_of_range = 406;
    const size_t at = read > 0 ? read - 1 : 0;
    std::string reason;
    if (at >= text_.size()) {
      reason = ": it ends too early";
    } else if (error.id == number_out_of_range) {
      reason = ": a number is too large";
    } else if (text_[at] == '/') {
      reason = ": comments are not allowed";
    }
    refuse(root_path_, "not valid JSON at " + position(text_, at) + reason);
  }

 private:
  bool add(json value) {
    place(std::move(value));
    return true;
  }

  json& place(json value) {
    if (open_.empty()) return root_ = std::move(value);
    json& parent = *open_.back();
    if (parent.is_object()) return parent[key_] = std::move(value);
    parent.push_back(std::move(value));
    return parent.back();
  }

  bool open(json container) {
    if (open_.size() == max_config_depth) {
      refuse(root_path_, "nested more than " + std::to_string(max_config_depth) + " levels deep");
    }
    std::string inner = open_.empty()               ? root_path_
                        : open_.back()->is_object() ? join_path(path(), key_)
                                                    : join_path(path(), open_.back()->size());
    open_.push_back(&place(std::move(container)));  // stays where it is: its parent does not grow while it is open
    paths_.push_back(std::move(inner));
    return true;
  }

  bool close() {
    open_.pop_back();
    paths_.pop_back();
    return true;
  }

  const std::string& path() const { return paths_.back(); }

  std::string_view text_;
  std::string root_path_;
  json root_;
  std::vector<json*> open_;         // the containers around what comes next, outermost first
  std::vector<std::string> paths_;  // of each
  std::string key_;
};

}  // namespace

json read_config_text(std::string_view text, const std::string& path) {
  if (text.size() > max_config_bytes) {
    refuse(path, "longer than " + std::to_string(max_config_bytes) + " bytes");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse(path, "empty: a JSON object is needed");
  // The parser would take it for the end of the text.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    refuse(path, "not valid JSON at " + position(text, nul) + ": a NUL");
  }
  document_reader reader(text, path);
  json::sax_parse(text.begin(), text.end(), &reader);
  json document = reader.take();
  if (!document.is_object()) refuse(path, "must be a JSON object, not " + shown(document, secrecy::secret));
  return document;
}

}  // namespace lbwire::capi
