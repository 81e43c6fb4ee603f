// Another process that takes part in a measurement. It is given orders and answers them, a line each, and ends when its
// standard input does, so none is left behind.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "clock.h"

namespace lbwire::bench {

class child {
 public:
  child(const std::string& program, const std::vector<std::string>& arguments);
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  // This program in one of its other roles: see roles.h.
  static child in_role(const std::string& role, std::vector<std::string> arguments = {});

  void order(const std::string& line);
  // The next line that it writes, which must begin with `word`; what comes after the word and a space.
  std::string answer(const std::string& word);

 private:
  std::string read_line();

  pid_t pid_ = -1;
  int orders_ = -1, answers_ = -1;
  std::string unread_;
};

// The folder that this program is in.
std::string program_folder();

}  // namespace lbwire::bench
