#include "output.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include "failure.h"

namespace lbwire::cli {

namespace {

void write_and_flush(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) throw output_closed();
  throw system_failure("standard output cannot be written");
}

}  // namespace

void print_line(std::string_view line) {
  std::string text(line);
  text += '\n';
  write_and_flush(text);
}

void print_text(std::string_view text) {
  write_and_flush(text);
}

void print_error(std::string_view message) {
  const std::string line = "lbwire: " + std::string(message) + "\n";
  std::fputs(line.c_str(), stderr);
}

}  // namespace lbwire::cli
