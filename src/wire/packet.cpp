#include "wire/packet.h"

namespace lbwire::wire {

const char* describe(decode_status status) noexcept {
  switch (status) {
    case decode_status::ok: return "ok";
    case decode_status::incomplete: return "packet is truncated";
    case decode_status::bad_type: return "unknown packet type";
    case decode_status::too_large: return "packet is larger than allowed";
  }
  return "unknown decode status";
}

const char* packet_type_name(packet_type type) noexcept {
  switch (type) {
    case packet_type::request: return "request";
    case packet_type::response: return "response";
    case packet_type::push: return "push";
  }
  return "unknown";
}

}  // namespace lbwire::wire
