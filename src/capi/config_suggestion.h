// What somebody meant who wrote a name that is none.
#pragma once

#include <string_view>
#include <vector>

namespace lbwire::capi {

// The one of `known` that is nearest to `name`, "" if none is near.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace lbwire::capi
