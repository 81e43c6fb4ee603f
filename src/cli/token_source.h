// One-time tokens in the order in which they are to be used: those of the command line, then one a line from
// standard input, which is read only while a token is wanted.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "line_reader.h"

namespace lbwire::cli {

class token_source {
 public:
  token_source(const std::vector<std::string>& tokens, int input_fd)
      : tokens_(tokens.begin(), tokens.end()), input_(input_fd, longest_token) {}

  // The next one that is here already.
  std::optional<std::string> next();

  // Reads on; call it when the input is readable.
  void fill() { input_.fill(); }

  // next() has nothing, and never will.
  bool exhausted() const noexcept { return tokens_.empty() && input_.at_end(); }

 private:
  static constexpr size_t longest_token = size_t{64} << 10;

  std::deque<std::string> tokens_;
  line_reader input_;
};

}  // namespace lbwire::cli
