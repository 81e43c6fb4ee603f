// Medians, percentiles, and pairs of a measured value and its baseline.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "figure.h"

namespace lbwire::bench {

// The value below which this part (0 to 1) of the others lies.
template <class Value>
double percentile(std::vector<Value> values, double part) {
  if (values.empty()) throw std::runtime_error("nothing was measured");
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + std::lround(part * last);
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

template <class Value>
double median(std::vector<Value> values) {
  return percentile(std::move(values), 0.5);
}

// Repetitions of a measurement and its baseline, taken by turns so that the noise of the machine hits both alike.
class comparison {
 public:
  void add(double measured, double baseline) {
    measured_.push_back(measured);
    baseline_.push_back(baseline);
    ratios_.push_back(measured / baseline);
  }

  figure result(std::string name, std::string unit, target aim = {}, std::string note = {}) const {
    const auto [min, max] = std::minmax_element(ratios_.begin(), ratios_.end());
    const double middle = median(ratios_);
    return {std::move(name), std::move(unit), median(measured_), median(baseline_), ratio{middle, *min, *max}, aim,
            std::move(note)};
  }

 private:
  std::vector<double> measured_, baseline_, ratios_;
};

}  // namespace lbwire::bench
