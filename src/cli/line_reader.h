// Lines from a descriptor, without reading further than the caller wants and without holding more than a
// limit, whatever is on the other end. Works both for a loop that polls (fill once when readable) and for one
// that reads to the end.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace lbwire::cli {

class line_reader {
 public:
  struct line {
    std::string text;       // without its end, "\n" or "\r\n"
    bool too_long = false;  // more than the limit: text is what it began with
  };

  line_reader(int fd, size_t limit) : fd_(fd), limit_(limit) {}

  // The next line that is here already. At the end, what has no line end is a line too.
  std::optional<line> next();

  // Reads once, waiting if there is nothing. Call it only after next() had nothing and at_end() was false.
  void fill();

  bool at_end() const noexcept { return at_end_; }

 private:
  void split(const char* data, size_t length);
  void finish_line();

  int fd_;
  size_t limit_;
  std::deque<line> complete_;
  line partial_;
  bool at_end_ = false;
};

// Reads until there is a line or the end.
std::optional<line_reader::line> read_line(line_reader& reader);

}  // namespace lbwire::cli
