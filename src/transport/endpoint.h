// Where to connect to or listen: a host and a port, as in "tcp://host:2020", "127.0.0.1:0" or "[::1]:2020".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lbwire::transport {

struct endpoint {
  std::string host;  // a name or an address, without brackets
  uint16_t port = 0;

  // "host:port", with brackets around an IPv6 address.
  std::string text() const;
};

// Socket options of a TCP connection.
struct tcp_options {
  bool no_delay = true;
  uint32_t keepalive_s = 60;  // idle seconds before the system probes the peer; 0: never
};

// "host:port"; nothing, with the reason in `problem`, if it is not of that form.
std::optional<endpoint> parse_host_port(std::string_view text, std::string& problem);

// "tcp://host[:port]", the port being 2020 if there is none.
std::optional<endpoint> parse_url(std::string_view text, std::string& problem);

}  // namespace lbwire::transport
