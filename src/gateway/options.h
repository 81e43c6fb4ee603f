// Everything that a gateway's configuration says.
#pragma once

#include <string>
#include <vector>

#include "host/delivery.h"
#include "session/server_options.h"
#include "transport/endpoint.h"

namespace lbwire::gateway {

struct options {
  transport::endpoint listen;
  transport::tcp_options tcp;
  std::vector<std::string> tokens;                // each accepted once
  session::milliseconds session_ttl{86'400'000};  // from auth or reconnect until the session is over
  session::milliseconds drain{2000};              // on stop: for clients to read what was sent to them
  uint32_t max_connections = 100'000;             // further ones are closed as ServerError
  uint32_t max_sessions = 1'000'000;              // in the store; past it the one that expires first goes
  uint32_t max_tokens = 1'000'000;                // not used yet
  uint32_t limit = 0;                             // told to clients as the connections that they may have
  session::server_options session_options;
  host::delivery_options delivery;
  unsigned threads = 1;  // event loops of this gateway
};

}  // namespace lbwire::gateway
