#include "abi.h"

namespace lbwire::cli {

std::string describe(lbw_status status) {
  char detail[1024] = "";
  const char* const name = lbw_status_name(status);
  if (lbw_last_error(detail, sizeof detail, nullptr) != LBW_OK || detail[0] == '\0') return name;
  return std::string(detail) + " (" + name + ")";
}

void check(lbw_status status, std::string_view what) {
  if (status == LBW_OK) return;
  const bool usage = status == LBW_ERR_INVALID_CONFIG || status == LBW_ERR_INVALID_ARGUMENT;
  throw failure(std::string(what) + ": " + describe(status), usage ? exit_usage : exit_failure);
}

client_handle create_client(const std::string& config) {
  lbw_client number = 0;
  check(lbw_client_create(config.c_str(), &number), "this client cannot be made");
  return client_handle(number);
}

gateway_handle create_gateway(const std::string& config) {
  lbw_gateway number = 0;
  check(lbw_gateway_create(config.c_str(), &number), "this gateway cannot be made");
  return gateway_handle(number);
}

}  // namespace lbwire::cli
