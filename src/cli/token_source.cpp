#include "token_source.h"

#include "failure.h"

namespace lbwire::cli {

std::optional<std::string> token_source::next() {
  if (!tokens_.empty()) {
    std::string token = std::move(tokens_.front());
    tokens_.pop_front();
    return token;
  }
  while (auto line = input_.next()) {
    if (line->too_long) throw failure("standard input: a line longer than any token");
    if (!line->text.empty()) return std::move(line->text);
  }
  return std::nullopt;
}

}  // namespace lbwire::cli
