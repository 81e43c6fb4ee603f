// Version, names, errors, schema.
#include "capi/call.h"
#include "capi/config.h"
#include "host/names.h"

using namespace lbwire;

uint32_t lbw_abi_version(void) {
  return LBW_ABI_VERSION;
}
const char* lbw_version(void) {
  return LBWIRE_VERSION;
}

const char* lbw_status_name(lbw_status status) {
  return host::status_name(status);
}
const char* lbw_state_name(int32_t state) {
  return host::state_name(state);
}
const char* lbw_cause_name(int32_t cause) {
  return host::cause_name(cause);
}
const char* lbw_close_name(int32_t code) {
  return host::close_name(code);
}
const char* lbw_response_name(int32_t status) {
  return host::response_name(status);
}

lbw_status lbw_last_error(char* buf, size_t cap, size_t* len) {
  try {
    // A copy: a buffer that is too small is an error with a detail of its own, which must not replace this one.
    const std::string detail(capi::last_detail());
    const lbw_status status = capi::give_text(detail, buf, cap, len);
    if (status != LBW_OK) capi::fail(status, detail);
    return status;
  } catch (...) {
    return LBW_ERR_NO_MEMORY;
  }
}

const char* lbw_config_schema(void) {
  try {
    return capi::config_schema();
  } catch (...) {
    return "{}";
  }
}
