// Everything that a client's configuration says.
#pragma once

#include <string>

#include "host/delivery.h"
#include "session/client_options.h"
#include "transport/endpoint.h"

namespace lbwire::client {

struct options {
  transport::endpoint server;
  transport::tcp_options tcp;
  std::string token;                   // one-time, for the first auth; "": none
  session::resumable_session session;  // to come back with; id "": none
  session::client_options session_options;
  host::delivery_options delivery;
  unsigned threads = 1;  // event loops to spread the clients of the process over
};

}  // namespace lbwire::client
