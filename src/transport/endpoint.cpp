#include "transport/endpoint.h"

#include <charconv>

namespace lbwire::transport {

namespace {

constexpr uint16_t default_tcp_port = 2020;

bool parse_port(std::string_view text, uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

// Splits "host:port" or "[v6]:port"; a missing port is left as it is.
bool split(std::string_view text, endpoint& out, bool& has_port, std::string& problem) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) {
      problem = "there is a '[' without a ']'";
      return false;
    }
    out.host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
  } else {
    const size_t colon = text.find(':');
    if (colon != text.rfind(':')) {
      problem = "an IPv6 address goes into brackets: [::1]:2020";
      return false;
    }
    out.host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  has_port = !rest.empty();
  if (out.host.empty()) {
    problem = "the host is missing";
    return false;
  }
  if (has_port && (rest.front() != ':' || !parse_port(rest.substr(1), out.port))) {
    problem = "the port must be a number from 0 to 65535";
    return false;
  }
  return true;
}

}  // namespace

std::string endpoint::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<endpoint> parse_host_port(std::string_view text, std::string& problem) {
  endpoint out;
  bool has_port = false;
  if (!split(text, out, has_port, problem)) return std::nullopt;
  if (!has_port) {
    problem = "the port is missing: HOST:PORT, port 0 for any that is free";
    return std::nullopt;
  }
  return out;
}

std::optional<endpoint> parse_url(std::string_view text, std::string& problem) {
  constexpr std::string_view scheme = "tcp://";
  if (!text.starts_with(scheme)) {
    problem = "the URL must be tcp://HOST:PORT";
    return std::nullopt;
  }
  text.remove_prefix(scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.find_first_of("/?#@") != std::string_view::npos) {
    problem = "a tcp:// URL is a host and a port, and nothing else";
    return std::nullopt;
  }
  endpoint out;
  out.port = default_tcp_port;
  bool has_port = false;
  if (!split(text, out, has_port, problem)) return std::nullopt;
  if (out.port == 0) {
    problem = "port 0 cannot be connected to";
    return std::nullopt;
  }
  return out;
}

}  // namespace lbwire::transport
