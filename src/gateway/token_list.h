// Tokens that a gateway accepts, each once.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace lbwire::gateway {

// Every function may be called from any thread.
class token_list {
 public:
  token_list(const std::vector<std::string>& tokens, size_t max_tokens);

  enum class added { yes, known_already, full };
  added add(std::string token);
  // True once for each token that was added.
  bool use(std::string_view token);

 private:
  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const size_t max_tokens_;
  std::mutex mutex_;
  std::unordered_set<std::string, text_hash, std::equal_to<>> tokens_;
};

// 128 bits from the system's random source, as 32 hex digits: for tokens and session ids. Throws std::system_error if
// the system has none to give.
std::string random_secret();

}  // namespace lbwire::gateway
