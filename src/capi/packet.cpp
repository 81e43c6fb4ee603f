// lbw_packet_*: the codec alone.
#include "wire/packet.h"

#include <algorithm>
#include <cstring>

#include "capi/call.h"
#include "wire/packet_json.h"

using namespace lbwire;
using capi::bad_argument;
using capi::fail;

namespace {

bool known_version(uint32_t version) {
  return version == 1 || version == 2;
}

lbw_status bad_version() {
  return bad_argument("the protocol version is 1 or 2");
}

const char* why_not_encodable(const wire::packet& p, wire::version v) {
  if (static_cast<unsigned>(p.type) - 1u > 2u) return "type is none of LBW_PACKET_*";
  if (p.body.size() > wire::max_body_size) return "body_len is over 16777215";
  if (v == wire::version::v1 && !p.metadata.empty()) return "version 1 carries no metadata";
  if (p.metadata.size() > wire::max_metadata_size) return "metadata_len is over 65535";
  return "timeout_ms is over 60000";
}

lbw_status give_packet(size_t size, size_t cap, size_t* len) {
  if (len) *len = size;
  if (size <= cap) return LBW_OK;
  return fail(LBW_ERR_BUFFER_TOO_SMALL,
              "the packet takes " + std::to_string(size) + " bytes, the buffer has " + std::to_string(cap));
}

}  // namespace

lbw_status lbw_packet_decode(uint32_t version, const void* data, size_t len, lbw_packet* packet, size_t* consumed) {
  return capi::call([&]() -> lbw_status {
    if (!known_version(version)) return bad_version();
    if ((!data && len > 0) || !packet) return bad_argument("data and packet must not be NULL");
    if (packet->size < sizeof(lbw_packet)) return bad_argument("packet->size is not set to sizeof(lbw_packet)");
    wire::packet p;
    const auto result =
        wire::decode(capi::as_bytes(data, len), static_cast<wire::version>(version), wire::max_packet_size, p);
    if (result.status != wire::decode_status::ok) {
      const bool incomplete = result.status == wire::decode_status::incomplete;
      if (consumed) *consumed = incomplete ? result.size : result.offset;
      return fail(incomplete ? LBW_ERR_BUFFER_TOO_SMALL : LBW_ERR_MALFORMED, wire::describe(result.status));
    }
    packet->type = static_cast<uint8_t>(p.type);
    packet->cmd = p.cmd;
    packet->status = p.status;
    packet->gzip = p.gzip ? 1 : 0;
    packet->request_id = p.request_id;
    packet->timeout_ms = p.timeout_ms;
    packet->verify = p.verify ? 1 : 0;
    packet->reserved = 0;
    packet->nonce = p.nonce;
    std::memset(packet->signature, 0, sizeof packet->signature);
    std::copy(p.signature.begin(), p.signature.end(), packet->signature);
    packet->metadata = p.metadata.data();
    packet->metadata_len = static_cast<uint32_t>(p.metadata.size());
    packet->body = p.body.data();
    packet->body_len = static_cast<uint32_t>(p.body.size());
    if (consumed) *consumed = result.size;
    return LBW_OK;
  });
}

lbw_status lbw_packet_encode(uint32_t version, const lbw_packet* packet, void* buf, size_t cap, size_t* len) {
  return capi::call([&]() -> lbw_status {
    if (!known_version(version)) return bad_version();
    if (!packet || (!buf && cap > 0)) return bad_argument("packet and buf must not be NULL");
    if (packet->size < sizeof(lbw_packet)) return bad_argument("packet->size is not set to sizeof(lbw_packet)");
    if ((!packet->body && packet->body_len > 0) || (!packet->metadata && packet->metadata_len > 0))
      return bad_argument("body or metadata is NULL, and its length is not 0");
    const auto v = static_cast<wire::version>(version);
    wire::packet p;
    p.type = static_cast<wire::packet_type>(packet->type);
    p.cmd = packet->cmd;
    p.status = packet->status;
    p.gzip = packet->gzip != 0;
    p.verify = packet->verify != 0;
    p.timeout_ms = packet->timeout_ms;
    p.request_id = packet->request_id;
    p.nonce = packet->nonce;
    p.metadata = capi::as_bytes(packet->metadata, packet->metadata_len);
    p.body = capi::as_bytes(packet->body, packet->body_len);
    if (p.verify) p.signature = packet->signature;
    if (!wire::encodable(p, v)) return bad_argument(why_not_encodable(p, v));
    if (const lbw_status status = give_packet(wire::encoded_size(p, v), cap, len)) return status;
    wire::encode(p, v, {static_cast<uint8_t*>(buf), cap});
    return LBW_OK;
  });
}

lbw_status lbw_packet_to_json(uint32_t version, const void* data, size_t len, char* buf, size_t cap, size_t* json_len,
                              size_t* offset) {
  return capi::call([&]() -> lbw_status {
    if (!known_version(version)) return bad_version();
    if (!data && len > 0) return bad_argument("data is NULL, and len is not 0");
    wire::json_error error;
    const auto json = wire::packet_to_json(static_cast<wire::version>(version), capi::as_bytes(data, len), error);
    if (!json) {
      if (offset) *offset = error.offset;
      return fail(LBW_ERR_MALFORMED, error.message);
    }
    return capi::give_text(*json, buf, cap, json_len);
  });
}

lbw_status lbw_packet_from_json(uint32_t version, const char* json, size_t json_len, void* buf, size_t cap,
                                size_t* len) {
  return capi::call([&]() -> lbw_status {
    if (!known_version(version)) return bad_version();
    if (!json || (!buf && cap > 0)) return bad_argument("json and buf must not be NULL");
    wire::json_error error;
    const auto packet = wire::packet_from_json({json, json_len}, static_cast<wire::version>(version), error);
    if (!packet) return fail(LBW_ERR_MALFORMED, error.message);
    if (const lbw_status status = give_packet(packet->size(), cap, len)) return status;
    std::copy(packet->begin(), packet->end(), static_cast<uint8_t*>(buf));
    return LBW_OK;
  });
}
