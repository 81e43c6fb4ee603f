// The measurements, in the order in which they run. Each is in the file of its name.
#pragma once

#include <vector>

#include "figure.h"

namespace lbwire::bench {

struct effort {
  bool quick = false;  // just enough to see that everything runs

  template <class Number>
  Number of(Number whole, Number quick_one) const {
    return quick ? quick_one : whole;
  }
};

using figures = std::vector<figure>;

figures measure_codec(const effort& e);
figures measure_codec_abi(const effort& e);
figures measure_round_trip(const effort& e);
figures measure_in_flight(const effort& e);
figures measure_pushes(const effort& e);
figures measure_gateway_pushes(const effort& e);
figures measure_reconnect(const effort& e);
figures measure_memory(const effort& e);
figures measure_loading(const effort& e);

}  // namespace lbwire::bench
