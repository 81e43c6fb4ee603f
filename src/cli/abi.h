// The idioms of lbwire.h in C++: a failed status becomes an exception, a caller's buffer a string, and a
// handle gives itself up at the end of its scope.
#pragma once

#include <lbwire/lbwire.h>

#include <string>
#include <string_view>
#include <utility>

#include "failure.h"

namespace lbwire::cli {

// "heartbeat.interval_ms: ... (LBW_ERR_INVALID_CONFIG)": this thread's last error in words.
std::string describe(lbw_status status);

// Throws a failure that starts with `what` unless the status is LBW_OK. A bad config or argument is the
// user's, and ends the program as a usage error.
void check(lbw_status status, std::string_view what);

// Calls fill(buf, cap, &len) until the text fits.
template <class Fill>
std::string read_text(Fill fill, std::string_view what) {
  std::string text(512, '\0');
  size_t len = 0;
  lbw_status status = fill(text.data(), text.size(), &len);
  while (status == LBW_ERR_BUFFER_TOO_SMALL) {
    text.resize(len + 1);
    status = fill(text.data(), text.size(), &len);
  }
  check(status, what);
  text.resize(len);
  return text;
}

// Sole owner of a client or a gateway.
template <lbw_status (*Destroy)(uint64_t)>
class handle {
 public:
  explicit handle(uint64_t number) noexcept : number_(number) {}
  handle(handle&& other) noexcept : number_(std::exchange(other.number_, 0)) {}
  handle& operator=(handle&&) = delete;
  ~handle() {
    if (number_ != 0) Destroy(number_);
  }
  uint64_t get() const noexcept { return number_; }

 private:
  uint64_t number_;
};

using client_handle = handle<lbw_client_destroy>;
using gateway_handle = handle<lbw_gateway_destroy>;

client_handle create_client(const std::string& config);
gateway_handle create_gateway(const std::string& config);

}  // namespace lbwire::cli
