#include "demo/narrator.h"

#include <lbwire/lbwire.h>

#include <cmath>

#include "output.h"
#include "printable.h"

namespace lbwire::cli {

namespace {

std::string padded(std::string_view text, size_t width) {
  std::string result(text);
  if (result.size() < width) result.resize(width, ' ');
  return result;
}

std::string step_heading(int number, std::string_view title) {
  return (number < 10 ? " " : "") + std::to_string(number) + "  " + std::string(title);
}

}  // namespace

double to_ms(std::chrono::steady_clock::duration time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  return std::round(ms * 1000) / 1000;
}

std::string show(std::chrono::steady_clock::duration time) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  return show_duration_us(us < 0 ? 0 : static_cast<uint64_t>(us));
}

void narrator::open(const std::string& address) const {
  line(std::string("lbwire ") + lbw_version() + ": a gateway on " + address +
       " and its clients, in one process. The line between them can fail.");
}

void narrator::begin_step(int number, std::string_view title) {
  number_ = number;
  title_ = title;
  began_ = clock::now();
  line("");
  line(step_heading(number, title));
}

void narrator::tell(std::string_view who, std::string_view what) const {
  line("      " + padded(who, 10) + std::string(what));
}

void narrator::tell(std::string_view who, std::string_view what, clock::duration took) const {
  tell(who, std::string(what) + "  [" + show(took) + "]");
}

void narrator::end_step(const json& facts) const {
  json step{{"step", number_}, {"name", title_}, {"ok", true}};
  if (!facts.is_null()) step.update(facts);
  step["elapsed_ms"] = elapsed_ms();
  object(step);
}

void narrator::fail_step(const std::string& expected) const {
  object({{"step", number_}, {"name", title_}, {"ok", false}, {"expected", expected}, {"elapsed_ms", elapsed_ms()}});
  tell("✘", "this did not happen: " + expected);
}

void narrator::line(std::string_view text) const {
  if (!as_json_) print_line(text);
}

void narrator::object(const json& value) const {
  if (as_json_) print_line(to_line(value));
}

double narrator::elapsed_ms() const {
  return to_ms(clock::now() - began_);
}

}  // namespace lbwire::cli
