#include "session/reconnect_policy.h"

#include <gtest/gtest.h>

#include <limits>

namespace lbwire::session {
namespace {

void expect_rule(int32_t code, close_action action, uint32_t fail_after = 0, uint32_t first_retry = 0) {
  const close_rule rule = default_close_rule(code);
  EXPECT_EQ(rule.action, action) << code;
  EXPECT_EQ(rule.fail_after, fail_after) << code;
  EXPECT_EQ(rule.first_retry, first_retry) << code;
}

TEST(ReconnectPolicy, HasARuleForEveryEnd) {
  expect_rule(LBW_CLOSE_CONNECTION_LOST, close_action::resume);
  expect_rule(LBW_CLOSE_AUTH_TIMEOUT, close_action::resume);
  expect_rule(LBW_CLOSE_HEARTBEAT_TIMEOUT, close_action::resume_at_once);
  expect_rule(LBW_CLOSE_SERVER_ERROR, close_action::resume);
  expect_rule(LBW_CLOSE_SERVER_SHUTDOWN, close_action::resume, 0, 3);
  expect_rule(LBW_CLOSE_UNPACK_ERROR, close_action::resume, 3);
  expect_rule(LBW_CLOSE_AUTH_ERROR, close_action::reauth, 2);
  expect_rule(LBW_CLOSE_SESSION_EXPIRED, close_action::reauth_at_once);
  expect_rule(LBW_CLOSE_CONNECT_DUPLICATE, close_action::stop);
  expect_rule(LBW_CLOSE_DISCONNECTED, close_action::stop);
  for (const int32_t unknown : {7, 99, unknown_close_code, std::numeric_limits<int32_t>::max()})
    expect_rule(unknown, close_action::resume);
}

TEST(ReconnectPolicy, AnOverrideChangesTheActionOfItsCodeAlone) {
  const close_action_overrides overrides{{LBW_CLOSE_AUTH_ERROR, close_action::stop}};
  EXPECT_EQ(close_rule_for(LBW_CLOSE_AUTH_ERROR, overrides).action, close_action::stop);
  EXPECT_EQ(close_rule_for(LBW_CLOSE_AUTH_ERROR, overrides).fail_after, 2u);
  EXPECT_EQ(close_rule_for(LBW_CLOSE_SERVER_ERROR, overrides).action, close_action::resume);
  EXPECT_EQ(close_rule_for(LBW_CLOSE_SESSION_EXPIRED, overrides).action, close_action::reauth_at_once);
}

TEST(ReconnectPolicy, OneOverrideServesEveryUnknownCode) {
  const close_action_overrides overrides{{unknown_close_code, close_action::stop}};
  for (const int32_t unknown : {7, 99, unknown_close_code, 1234567})
    EXPECT_EQ(close_rule_for(unknown, overrides).action, close_action::stop);
  for (const int32_t known : {0, 1, 2, 3, 4, 5, int32_t{LBW_CLOSE_CONNECTION_LOST}})
    EXPECT_NE(close_rule_for(known, overrides).action, close_action::stop);
}

TEST(ReconnectPolicy, OurOwnCodesCanBeOverriddenToo) {
  const close_action_overrides overrides{{LBW_CLOSE_CONNECTION_LOST, close_action::stop}};
  EXPECT_EQ(close_rule_for(LBW_CLOSE_CONNECTION_LOST, overrides).action, close_action::stop);
}

}  // namespace
}  // namespace lbwire::session
