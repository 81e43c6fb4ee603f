// A client of the library that is ready for use, as a measurement needs it.
#pragma once

#include <lbwire/lbwire.h>

#include <string>

#include "signal.h"

namespace lbwire::bench {

// Throws what the library says about this thread's last failed call.
void check(lbw_status status, const char* what);

class ready_client {
 public:
  struct handlers {
    lbw_client_push_fn on_push = nullptr;
    lbw_client_state_fn on_state = nullptr;  // besides being waited for
    void* user = nullptr;
  };

  // Connects to "127.0.0.1:PORT" and waits until the session is ready. `more` is configuration: "\"key\": value".
  explicit ready_client(const std::string& address) : ready_client(address, {}, {}) {}
  ready_client(const std::string& address, handlers h, const std::string& more = {});
  ~ready_client();
  ready_client(const ready_client&) = delete;
  ready_client& operator=(const ready_client&) = delete;

  lbw_client handle() const { return client_; }

 private:
  explicit ready_client(handlers h) : handlers_(h) {}
  void create(const std::string& config);
  void connect();
  void wait_by_queue();

  handlers handlers_;
  lbw_client client_ = 0;
  permits ready_, released_;
};

}  // namespace lbwire::bench
