// The header in C++17: it needs no include before it, and its events are plain data.
#include <lbwire/lbwire.h>

#include <type_traits>

static_assert(std::is_trivial_v<lbw_event> && std::is_standard_layout_v<lbw_event>);
static_assert(std::is_same_v<decltype(&lbw_client_create), lbw_status (*)(const char*, lbw_client*)>);

int main() {
  lbw_client client = 0;
  const bool refused = lbw_client_create("not JSON", &client) == LBW_ERR_INVALID_CONFIG;
  return refused && client == 0 ? 0 : 1;
}
