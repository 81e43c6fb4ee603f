// A packet as one JSON object, for people and for programs that have no codec of their own:
//
//   {"version":1, "type":"push", "cmd":0, "gzip":false, "verify":false, "body_hex":"08061203647570",
//    "control":{"message":"Close","code":6,"name":"ConnectDuplicate","reason":"dup"}, "packet_hex":"0300..."}
//
// version, type, cmd, gzip, verify, body_hex (inflated) and packet_hex (on the wire) are always there;
// request_id, timeout_ms and status where the type carries them; nonce (a decimal string, since not every
// JSON reader keeps 64 bits) and signature_hex with verify; metadata, an object, where there is some. control
// is the body of a control command, or the error of a failed response, if it reads as one; never of a
// heartbeat that holds something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/handshake.h"
#include "wire/packet.h"

namespace lbwire::wire {

struct json_error {
  std::string message;
  size_t offset = 0;  // where reading the packet stopped, or where the text stops being JSON
};

// `bytes` must be exactly one packet; if it is cut short the error is at its end, if there is more, where the
// packet ended. A body that would inflate to more than max_inflated bytes is an error. The text is valid JSON
// whatever the bytes: in metadata and control, what is not UTF-8 becomes U+FFFD (body_hex and packet_hex stay
// exact), and of equal metadata keys the last is shown.
std::optional<std::string> packet_to_json(version v, std::span<const uint8_t> bytes, json_error& error,
                                          body_codec codec = body_codec::protobuf, size_t max_inflated = max_body_size);

// The inverse. type and cmd are required; what else is absent is zero, false or empty, version is
// default_version. The body is body_hex or, without it, control encoded with `codec`; it is compressed here
// if gzip is set. packet_hex and keys that are not named above are ignored. nonce may be a string or a
// number. The error names the key.
std::optional<std::vector<uint8_t>> packet_from_json(std::string_view text, version default_version, json_error& error,
                                                     body_codec codec = body_codec::protobuf);

}  // namespace lbwire::wire
