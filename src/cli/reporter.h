// What a long-running command tells: JSON objects, or lines with the time for people, with a status line
// under them that is redrawn where standard output is a terminal.
#pragma once

#include <lbwire/lbwire.h>

#include <string>
#include <string_view>

#include "event_json.h"
#include "json.h"

namespace lbwire::cli {

enum class format { text, json_lines };

class reporter {
 public:
  reporter(format form, secrets shown);

  void event(const lbw_event& event);

  // The same fact for programs and for people; an empty text says nothing to people.
  void say(const json& object, std::string_view text);

  // For people alone.
  void advise(std::string_view text);

  // Something was wrong and the command goes on: an {"event":"error"}, or a line on standard error.
  void error(const std::string& message);

  bool has_status_line() const noexcept { return terminal_; }
  void show_status(const std::string& text);
  void clear_status();

 private:
  format form_;
  secrets shown_;
  bool terminal_;
  bool status_shown_ = false;
};

}  // namespace lbwire::cli
