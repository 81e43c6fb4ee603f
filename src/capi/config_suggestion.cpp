#include "capi/config_suggestion.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lbwire::capi {

namespace {

constexpr size_t longest_name = 64;  // of what is worth comparing

// As people vary names: maxMs, max-ms, MAX_MS.
char folded(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Levenshtein's: insertions, removals and replacements from one to the other.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (folded(a[i]) == folded(b[j]) ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

// "interval" for "interval_ms": the unit is easily forgotten.
bool lacks_ending(std::string_view name, std::string_view full) {
  return !name.empty() && full.starts_with(name) && full.substr(name.size()).starts_with('_');
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view nearest;
  if (name.size() > longest_name) return nearest;
  size_t nearest_distance = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const size_t distance = lacks_ending(name, candidate) ? 1 : edit_distance(name, candidate);
    if (distance >= nearest_distance) continue;
    nearest_distance = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace lbwire::capi
