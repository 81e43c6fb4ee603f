// The fields of each control message, written down once: both codecs, and the JSON form of a packet, walk
// this list. Numbers and names are those of proto/control.proto.
#pragma once

#include <cstdint>
#include <type_traits>

#include "wire/control.h"

namespace lbwire::wire {

enum class text_kind : uint8_t {
  id,     // must be exact: refused if it is not UTF-8
  prose,  // for people: repaired if it is not UTF-8
};

struct field {
  uint32_t number;
  const char* name;
  const char* camel_name;  // what protobuf's own JSON mapping calls it
  text_kind text = text_kind::id;
};

// Calls visit(field, member) for each field, in the order of their numbers. A plain int32_t member is an
// enum.
template <typename Message, typename Visitor>
void for_each_field(Message& m, Visitor&& visit) {
  using type = std::remove_const_t<Message>;
  if constexpr (std::is_same_v<type, close>) {
    visit(field{1, "code", "code"}, m.code);
    visit(field{2, "reason", "reason", text_kind::prose}, m.reason);
  } else if constexpr (std::is_same_v<type, heartbeat>) {
    visit(field{1, "timestamp", "timestamp"}, m.timestamp);
    visit(field{2, "heartbeat_id", "heartbeatId"}, m.heartbeat_id);
  } else if constexpr (std::is_same_v<type, auth_request>) {
    visit(field{1, "token", "token"}, m.token);
    visit(field{2, "metadata", "metadata"}, m.metadata);
  } else if constexpr (std::is_same_v<type, auth_response>) {
    visit(field{1, "session_id", "sessionId"}, m.session_id);
    visit(field{2, "expires", "expires"}, m.expires);
    visit(field{3, "limit", "limit"}, m.limit);
    visit(field{4, "online", "online"}, m.online);
  } else if constexpr (std::is_same_v<type, reconnect_request>) {
    visit(field{1, "session_id", "sessionId"}, m.session_id);
    visit(field{2, "metadata", "metadata"}, m.metadata);
  } else {
    static_assert(std::is_same_v<type, error>);
    visit(field{1, "code", "code"}, m.code);
    visit(field{2, "msg", "msg", text_kind::prose}, m.msg);
  }
}

}  // namespace lbwire::wire
