#include "config_argument.h"

#include <fstream>
#include <iterator>

#include "failure.h"

namespace lbwire::cli {

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw failure("--config: the file " + path + " cannot be read", exit_usage);
  return text;
}

}  // namespace

json read_config(const std::string& argument) {
  if (argument.empty()) return json::object();
  const std::string text = argument.front() == '@' ? read_file(argument.substr(1)) : argument;
  json config;
  try {
    config = json::parse(text);
  } catch (const json::parse_error& error) {
    // The library's message quotes what it read, which may be a secret.
    throw failure("--config: no valid JSON at byte " + std::to_string(error.byte) +
                      "; give an object such as {\"heartbeat\":{\"interval_ms\":5000}}, or @FILE",
                  exit_usage);
  }
  if (!config.is_object()) throw failure("--config: a JSON object is needed", exit_usage);
  return config;
}

}  // namespace lbwire::cli
