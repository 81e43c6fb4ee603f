#include "gateway/token_list.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace lbwire::gateway {

token_list::token_list(const std::vector<std::string>& tokens, size_t max_tokens)
    : max_tokens_(max_tokens), tokens_(tokens.begin(), tokens.end()) {}

token_list::added token_list::add(std::string token) {
  const std::lock_guard held(mutex_);
  if (tokens_.size() >= max_tokens_) return added::full;
  return tokens_.insert(std::move(token)).second ? added::yes : added::known_already;
}

bool token_list::use(std::string_view token) {
  const std::lock_guard held(mutex_);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return false;
  tokens_.erase(found);
  return true;
}

std::string random_secret() {
  std::array<uint8_t, 16> raw;
  size_t have = 0;
  while (have < raw.size()) {
    const ssize_t got = ::getrandom(raw.data() + have, raw.size() - have, 0);
    if (got > 0)
      have += static_cast<size_t>(got);
    else if (got < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : raw) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace lbwire::gateway
