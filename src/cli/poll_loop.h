// What gateway and connect wait for: events of the library, lines on standard input, and the signals that ask
// for an end, in one thread and one poll(2).
#pragma once

#include <chrono>
#include <optional>

namespace lbwire::cli {

class poll_loop {
 public:
  struct ready {
    bool input = false;   // standard input has something to read, or has ended
    bool signal = false;  // SIGINT or SIGTERM came
  };

  // library_fd as lbw_*_poll_fd gave it. From here on the first SIGINT or SIGTERM is reported by wait(); a
  // second one kills, as it would without us.
  explicit poll_loop(int library_fd);
  ~poll_loop();
  poll_loop(const poll_loop&) = delete;
  poll_loop& operator=(const poll_loop&) = delete;

  // Returns when anything is ready, the library's events included, or after the timeout (none: waits on).
  ready wait(bool with_input, std::optional<std::chrono::milliseconds> timeout);

 private:
  int library_fd_;
  int signal_fd_;
};

}  // namespace lbwire::cli
