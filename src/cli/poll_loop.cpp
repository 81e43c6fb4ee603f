#include "poll_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <string>

#include "failure.h"

namespace lbwire::cli {

namespace {

// A handler may do little more than write to a pipe; the loop reads the other end.
int signal_pipe_write_end = -1;

extern "C" void report_signal(int) {
  const int saved = errno;
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = ::write(signal_pipe_write_end, &byte, 1);
  errno = saved;
}

int open_signal_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw system_failure("no pipe for signals");
  }
  signal_pipe_write_end = ends[1];
  struct sigaction action {};
  action.sa_handler = report_signal;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return ends[0];
}

int to_poll_timeout(std::optional<std::chrono::milliseconds> timeout) {
  if (!timeout) return -1;
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(timeout->count(), 0, INT_MAX));
}

}  // namespace

poll_loop::poll_loop(int library_fd) : library_fd_(library_fd), signal_fd_(open_signal_pipe()) {}

poll_loop::~poll_loop() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  ::close(signal_fd_);
  ::close(signal_pipe_write_end);
}

poll_loop::ready poll_loop::wait(bool with_input, std::optional<std::chrono::milliseconds> timeout) {
  // poll skips an entry with a negative descriptor.
  std::array<pollfd, 3> watched{
      {{library_fd_, POLLIN, 0}, {signal_fd_, POLLIN, 0}, {with_input ? STDIN_FILENO : -1, POLLIN, 0}}};
  const int count = ::poll(watched.data(), watched.size(), to_poll_timeout(timeout));
  if (count < 0 && errno != EINTR) throw system_failure("poll");

  ready result;
  if (count <= 0) return result;
  char byte;
  if (watched[1].revents != 0) result.signal = ::read(signal_fd_, &byte, 1) == 1;
  result.input = watched[2].revents != 0;
  return result;
}

}  // namespace lbwire::cli
