// What every function of the C ABI does around its one line of work: nothing is thrown across, a failed call leaves its
// detail behind, handles become objects, and a child of fork() is turned away.
#pragma once

#include <lbwire/lbwire.h>

#include <memory>
#include <string>
#include <string_view>

#include "client/client.h"
#include "gateway/gateway.h"
#include "host/handle_table.h"

namespace lbwire::capi {

// Sets this thread's detail and returns `status`.
lbw_status fail(lbw_status status, std::string detail) noexcept;

// The detail of this thread's last failed call.
std::string_view last_detail() noexcept;

// True in a child of fork() if the library was in use before it.
bool forked() noexcept;
// The library is in use from here on: a later fork() makes the child's calls fail.
void in_use();

host::handle_table<client::client>& clients();
host::handle_table<gateway::gateway>& gateways();

// Status of the exception that is being handled.
lbw_status fail_exception() noexcept;

template <class Work>
lbw_status call(Work&& work) noexcept {
  if (forked()) [[unlikely]] {
    return fail(LBW_ERR_FORKED, "this process is a child of fork(): use lbwire in the parent, or exec");
  }
  try {
    return work();
  } catch (...) {
    return fail_exception();
  }
}

// Runs work(client&) on the client that the handle stands for; its connection to the handle outlasts the call.
template <class Work>
lbw_status with_client(lbw_client handle, Work&& work) noexcept {
  return call([&]() -> lbw_status {
    const auto found = clients().find(handle);
    if (!found) return fail(LBW_ERR_INVALID_HANDLE, "no such client, or it was destroyed");
    return work(*found);
  });
}

template <class Work>
lbw_status with_gateway(lbw_gateway handle, Work&& work) noexcept {
  return call([&]() -> lbw_status {
    const auto found = gateways().find(handle);
    if (!found) return fail(LBW_ERR_INVALID_HANDLE, "no such gateway, or it was destroyed");
    return work(*found);
  });
}

// ---- arguments and results ----

inline lbw_status bad_argument(std::string detail) {
  return fail(LBW_ERR_INVALID_ARGUMENT, std::move(detail));
}

// Text into the caller's buffer, by the rules of the header.
lbw_status give_text(std::string_view text, char* buf, size_t cap, size_t* len);

// A caller's struct of an older or newer header: as many bytes as both know.
template <class Struct>
lbw_status give_struct(const Struct& from, Struct* to) {
  constexpr uint32_t least = 8;
  if (!to) return bad_argument("the struct is NULL");
  if (to->size < least) return bad_argument("the struct's size field is not set");
  const uint32_t size = to->size < sizeof(Struct) ? to->size : static_cast<uint32_t>(sizeof(Struct));
  __builtin_memcpy(to, &from, size);
  to->size = size;
  return LBW_OK;
}

// The longest token, and the longest reason of a close, that fit into their packets with much to spare.
inline constexpr size_t max_token_bytes = 16384;
inline constexpr size_t max_reason_bytes = 4096;

lbw_status check_token(const char* token, size_t len);
lbw_status check_reason(const char* reason);

// What a poll that gave no event tells.
lbw_status told_of_poll(lbw_status status);

// Checks that cmd is a business command and that body and len go together.
lbw_status check_packet(uint8_t cmd, const void* body, size_t len);

inline session::bytes as_bytes(const void* data, size_t len) {
  return {static_cast<const uint8_t*>(data), len};
}

// Fails with what a status of the layers below means for this kind of call.
lbw_status told(lbw_status status, const char* detail);

}  // namespace lbwire::capi
