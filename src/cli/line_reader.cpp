#include "line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "failure.h"

namespace lbwire::cli {

std::optional<line_reader::line> line_reader::next() {
  if (complete_.empty()) return std::nullopt;
  line result = std::move(complete_.front());
  complete_.pop_front();
  return result;
}

void line_reader::fill() {
  std::vector<char> chunk(size_t{64} << 10);
  const ssize_t got = ::read(fd_, chunk.data(), chunk.size());
  if (got > 0) {
    split(chunk.data(), static_cast<size_t>(got));
  } else if (got == 0 || errno == EIO) {  // EIO: the terminal is gone, or belongs to another job
    at_end_ = true;
    if (!partial_.text.empty()) finish_line();
  } else if (errno != EINTR && errno != EAGAIN) {
    throw system_failure("standard input cannot be read");
  }
}

void line_reader::split(const char* data, size_t length) {
  const char* const stop = data + length;
  while (data != stop) {
    const char* const end = std::find(data, stop, '\n');
    const size_t part = static_cast<size_t>(end - data);
    const size_t room = limit_ - std::min(limit_, partial_.text.size());
    partial_.text.append(data, std::min(part, room));
    if (part > room) partial_.too_long = true;
    if (end == stop) break;
    finish_line();
    data = end + 1;
  }
}

void line_reader::finish_line() {
  if (!partial_.text.empty() && partial_.text.back() == '\r') partial_.text.pop_back();
  complete_.push_back(std::exchange(partial_, {}));
}

std::optional<line_reader::line> read_line(line_reader& reader) {
  for (;;) {
    auto line = reader.next();
    if (line || reader.at_end()) return line;
    reader.fill();
  }
}

}  // namespace lbwire::cli
