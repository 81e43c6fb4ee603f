// Which control message a packet carries.
#pragma once

#include "wire/control.h"
#include "wire/packet.h"

namespace lbwire::wire {

// Calls visit(name, Message()) with the message that a packet with these fields has for a body, and returns
// true; false if it has none that we know.
template <typename Visitor>
bool visit_control_message(const packet& p, Visitor&& visit) {
  if (p.type == packet_type::response && p.status != 0) {
    visit("Error", error());
    return true;
  }
  const bool request = p.type == packet_type::request;
  switch (static_cast<command>(p.cmd)) {
    case command::close:
      if (p.type != packet_type::push) return false;
      visit("Close", close());
      return true;
    case command::heartbeat:
      if (p.type == packet_type::push) return false;
      visit("Heartbeat", heartbeat());
      return true;
    case command::auth:
      if (p.type == packet_type::push) return false;
      request ? visit("AuthRequest", auth_request()) : visit("AuthResponse", auth_response());
      return true;
    case command::reconnect:
      if (p.type == packet_type::push) return false;
      request ? visit("ReconnectRequest", reconnect_request()) : visit("ReconnectResponse", auth_response());
      return true;
  }
  return false;
}

}  // namespace lbwire::wire
