// How a command ends when it cannot do what was asked.
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace lbwire::cli {

inline constexpr int exit_ok = 0, exit_failure = 1, exit_usage = 2;

// The text says what was wrong and what to do, the code is the program's.
class failure : public std::runtime_error {
 public:
  explicit failure(const std::string& text, int exit_code = exit_failure)
      : std::runtime_error(text), exit_code_(exit_code) {}
  int exit_code() const noexcept { return exit_code_; }

 private:
  int exit_code_;
};

// What the operating system refused just now: "poll: Interrupted system call".
inline failure system_failure(const std::string& what) {
  return failure(what + ": " + std::system_category().message(errno));
}

}  // namespace lbwire::cli
