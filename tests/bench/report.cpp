#include "report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace lbwire::bench {

namespace {

using row = std::vector<std::string>;

// Three digits or so; thousands apart.
std::string number(double value) {
  const int decimals = value == 0 || value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  std::string digits = text.data();
  if (decimals == 0) {
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
      digits.insert(static_cast<size_t>(at), " ");
  }
  return digits;
}

std::string with_unit(double value, const std::string& unit) {
  return unit == "/s" ? number(value) + "/s" : unit.empty() ? number(value) : number(value) + " " + unit;
}

bool of_ratio(const target& aim) {
  return aim.what == target::of::ratio_at_most || aim.what == target::of::ratio_at_least;
}

bool at_most(const target& aim) {
  return aim.what == target::of::measured_at_most || aim.what == target::of::ratio_at_most;
}

bool met(const figure& f) {
  const double value = of_ratio(f.aim) ? f.ratio->median : f.measured;
  return at_most(f.aim) ? value <= f.aim.bound : value >= f.aim.bound;
}

std::string aim_text(const figure& f) {
  if (f.aim.what == target::of::nothing) return "";
  const std::string bound = of_ratio(f.aim) ? "x " + number(f.aim.bound) : with_unit(f.aim.bound, f.unit);
  return (at_most(f.aim) ? "<= " : ">= ") + bound;
}

row cells(const figure& f) {
  const std::string ratio = f.ratio ? "x " + number(f.ratio->median) : "";
  const std::string spread = f.ratio ? number(f.ratio->min) + " - " + number(f.ratio->max) : "";
  return {f.name,
          with_unit(f.measured, f.unit),
          f.baseline ? with_unit(*f.baseline, f.unit) : "",
          ratio,
          spread,
          aim_text(f),
          f.aim.what == target::of::nothing ? ""
          : met(f)                          ? "met"
                                            : "MISSED",
          f.note};
}

std::string padded(const std::string& text, size_t width, bool right) {
  const std::string room(width - text.size(), ' ');
  return right ? room + text : text + room;
}

}  // namespace

void print_table(std::ostream& out, const figures& all) {
  std::vector<row> rows{{"", "measured", "baseline", "ratio", "spread", "target", "", ""}};
  for (const figure& f : all) rows.push_back(cells(f));
  std::vector<size_t> widths(rows[0].size());
  for (const row& r : rows) {
    for (size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], r[i].size());
  }
  for (const row& r : rows) {
    std::string line;
    for (size_t i = 0; i < r.size(); ++i) line += padded(r[i], widths[i], i >= 1 && i <= 3) + "  ";
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

nlohmann::ordered_json to_json(const figures& all) {
  auto list = nlohmann::ordered_json::array();
  for (const figure& f : all) {
    nlohmann::ordered_json entry{{"name", f.name}, {"unit", f.unit}, {"measured", f.measured}};
    if (f.baseline) entry["baseline"] = *f.baseline;
    if (f.ratio) entry["ratio"] = {{"median", f.ratio->median}, {"min", f.ratio->min}, {"max", f.ratio->max}};
    if (f.aim.what != target::of::nothing) {
      entry["target"] = {{"of", of_ratio(f.aim) ? "ratio" : "measured"},
                         {at_most(f.aim) ? "at_most" : "at_least", f.aim.bound}};
      entry["met"] = met(f);
    }
    if (!f.note.empty()) entry["note"] = f.note;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace lbwire::bench
