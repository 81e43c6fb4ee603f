// One line of the report: what was measured, what the bare loop did in the same run, and what is aimed at.
#pragma once

#include <optional>
#include <string>

namespace lbwire::bench {

struct target {
  enum class of { nothing, measured_at_most, measured_at_least, ratio_at_most, ratio_at_least };
  of what = of::nothing;
  double bound = 0;
};

// Measured by baseline: the median of the repetitions, the smallest and the largest.
struct ratio {
  double median = 0, min = 0, max = 0;
};

struct figure {
  std::string name;
  std::string unit;  // "ns", "us", "ms", "/s", "KiB", "" for a count
  double measured = 0;
  std::optional<double> baseline;
  std::optional<bench::ratio> ratio;
  target aim;
  std::string note;
};

}  // namespace lbwire::bench
