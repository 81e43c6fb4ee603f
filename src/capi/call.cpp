#include "capi/call.h"

#include <pthread.h>

#include <atomic>
#include <mutex>
#include <new>
#include <system_error>
#include <utility>

#include "host/names.h"

namespace lbwire::capi {

namespace {

std::atomic<bool> was_forked{false};

thread_local std::string detail_of_thread;

// Never destroyed: threads of the library and of the host may call until the very end of the process.
template <class T>
T& immortal(unsigned kind) {
  static T* const object = new T(kind);
  return *object;
}

}  // namespace

lbw_status fail(lbw_status status, std::string detail) noexcept {
  detail_of_thread = std::move(detail);
  return status;
}

std::string_view last_detail() noexcept {
  return detail_of_thread;
}

bool forked() noexcept {
  return was_forked.load(std::memory_order_relaxed);
}

void in_use() {
  static std::once_flag once;
  std::call_once(once,
                 [] { pthread_atfork(nullptr, nullptr, [] { was_forked.store(true, std::memory_order_relaxed); }); });
}

host::handle_table<client::client>& clients() {
  return immortal<host::handle_table<client::client>>(1);
}
host::handle_table<gateway::gateway>& gateways() {
  return immortal<host::handle_table<gateway::gateway>>(2);
}

lbw_status fail_exception() noexcept {
  try {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      return fail(LBW_ERR_NO_MEMORY, "out of memory");
    } catch (const std::system_error& error) {
      return fail(LBW_ERR_NETWORK, error.what());
    } catch (const std::exception& error) {
      return fail(LBW_ERR_INTERNAL, error.what());
    } catch (...) {
      return fail(LBW_ERR_INTERNAL, "an exception of an unknown type");
    }
  } catch (...) {
    return LBW_ERR_NO_MEMORY;  // not even the detail could be kept
  }
}

lbw_status give_text(std::string_view text, char* buf, size_t cap, size_t* len) {
  if (!buf && cap > 0) return bad_argument("buf is NULL, and cap is not 0");
  if (len) *len = text.size();
  if (cap > text.size()) {
    text.copy(buf, text.size());
    buf[text.size()] = '\0';
    return LBW_OK;
  }
  if (cap > 0) buf[0] = '\0';
  return fail(LBW_ERR_BUFFER_TOO_SMALL,
              "the text takes " + std::to_string(text.size() + 1) + " bytes, the buffer has " + std::to_string(cap));
}

lbw_status check_packet(uint8_t cmd, const void* body, size_t len) {
  if (wire::is_control(cmd)) {
    return bad_argument("cmd " + std::to_string(cmd) + " is a control command; business commands are 4 to 255");
  }
  if (!body && len > 0) return bad_argument("body is NULL, and len is not 0");
  if (len > wire::max_body_size) {
    return fail(LBW_ERR_TOO_LARGE, "a body of " + std::to_string(len) + " bytes; the protocol carries at most " +
                                       std::to_string(wire::max_body_size));
  }
  return LBW_OK;
}

lbw_status check_token(const char* token, size_t len) {
  if (!token || len == 0) return bad_argument("the token is empty");
  if (len > max_token_bytes) return bad_argument("a token has at most " + std::to_string(max_token_bytes) + " bytes");
  return LBW_OK;
}

lbw_status check_reason(const char* reason) {
  if (!reason || std::string_view(reason).size() <= max_reason_bytes) return LBW_OK;
  return bad_argument("a reason has at most " + std::to_string(max_reason_bytes) + " bytes");
}

lbw_status told_of_poll(lbw_status status) {
  switch (status) {
    case LBW_OK: return LBW_OK;
    case LBW_ERR_TIMEOUT: return fail(status, "no event came in time");
    case LBW_ERR_BUSY: return fail(status, "another thread is inside poll with this handle");
    case LBW_ERR_INVALID_HANDLE: return fail(status, "destroyed meanwhile");
    case LBW_ERR_NETWORK: return fail(status, "the system has no descriptor left");
    default: return fail(status, host::status_name(status));
  }
}

lbw_status told(lbw_status status, const char* detail) {
  return status == LBW_OK ? LBW_OK : fail(status, detail);
}

}  // namespace lbwire::capi
