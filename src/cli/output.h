// Standard output and standard error, a whole line at a time, so that a reader at the other end of a pipe
// sees each line as soon as it is written.
#pragma once

#include <exception>
#include <string_view>

namespace lbwire::cli {

// Nobody reads standard output any more. No error to tell anyone about: the command just ends.
struct output_closed : std::exception {
  const char* what() const noexcept override { return "standard output is closed"; }
};

// Throws output_closed if the reader is gone, a failure if the text cannot be written for another reason.
void print_line(std::string_view line);

// Without a line end: for what a terminal redraws.
void print_text(std::string_view text);

// "lbwire: ..." on standard error.
void print_error(std::string_view message);

}  // namespace lbwire::cli
