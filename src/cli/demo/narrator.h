// Tells the story of the demo: numbered steps with what happened in each, or one JSON object a step.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "json.h"

namespace lbwire::cli {

class narrator {
 public:
  using clock = std::chrono::steady_clock;

  explicit narrator(bool as_json) : as_json_(as_json) {}

  void open(const std::string& address) const;
  void begin_step(int number, std::string_view title);

  // A line of the story; with a duration, how long it took.
  void tell(std::string_view who, std::string_view what) const;
  void tell(std::string_view who, std::string_view what, clock::duration took) const;

  // `facts` are the step's own keys.
  void end_step(const json& facts) const;
  void fail_step(const std::string& expected) const;

  // Text that only people see.
  void line(std::string_view text) const;
  void object(const json& value) const;

 private:
  double elapsed_ms() const;

  bool as_json_;
  int number_ = 0;
  std::string title_;
  clock::time_point began_;
};

double to_ms(std::chrono::steady_clock::duration time);
std::string show(std::chrono::steady_clock::duration time);

}  // namespace lbwire::cli
