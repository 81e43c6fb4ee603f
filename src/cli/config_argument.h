// The --config option: a JSON object on the command line, or in a file as @FILE.
#pragma once

#include <string>

#include "json.h"

namespace lbwire::cli {

// An empty argument is an empty object. Throws a usage failure for what is no JSON object.
json read_config(const std::string& argument);

}  // namespace lbwire::cli
