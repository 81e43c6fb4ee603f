// The figures as a table for people, or as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

#include "figure.h"
#include "suite.h"

namespace lbwire::bench {

void print_table(std::ostream& out, const figures& all);
nlohmann::ordered_json to_json(const figures& all);

}  // namespace lbwire::bench
