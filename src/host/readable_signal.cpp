#include "host/readable_signal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace lbwire::host {

bool readable_signal::open() noexcept {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return false;
  read_end_ = ends[0];
  write_end_ = ends[1];
  return true;
}

void readable_signal::close() noexcept {
  if (!is_open()) return;
  ::close(write_end_);  // first, so that the hang-up reaches a watcher before its descriptor goes
  ::close(read_end_);
  read_end_ = write_end_ = -1;
  raised_ = false;
}

void readable_signal::raise() noexcept {
  if (!is_open() || raised_) return;
  char byte = 1;
  while (::write(write_end_, &byte, 1) < 0 && errno == EINTR) {
  }
  raised_ = true;
}

void readable_signal::lower() noexcept {
  if (!raised_) return;
  char byte;
  while (::read(read_end_, &byte, 1) < 0 && errno == EINTR) {
  }
  raised_ = false;
}

}  // namespace lbwire::host
