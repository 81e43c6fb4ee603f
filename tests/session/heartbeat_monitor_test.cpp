#include "session/heartbeat_monitor.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace lbwire::session {
namespace {

using action = heartbeat_monitor::action;

constexpr heartbeat_options every_30s{milliseconds(30000), milliseconds(10000)};
constexpr time_point start{std::chrono::hours(1)};

class HeartbeatMonitor : public testing::Test {
 protected:
  HeartbeatMonitor() { monitor.start(every_30s, start); }
  heartbeat_monitor monitor;
};

TEST_F(HeartbeatMonitor, AsksAfterTheIntervalOfSilence) {
  EXPECT_EQ(monitor.deadline(), start + seconds(30));
  EXPECT_EQ(monitor.due(start + seconds(30) - one_tick), action::none);
  EXPECT_EQ(monitor.due(start + seconds(30)), action::ask);
  EXPECT_EQ(monitor.due(start + seconds(30) + one_tick), action::ask);
}

TEST_F(HeartbeatMonitor, TrafficPutsTheQuestionOff) {
  monitor.heard(start + seconds(12));
  EXPECT_EQ(monitor.deadline(), start + seconds(42));
}

TEST_F(HeartbeatMonitor, GivesUpAfterTheTimeoutOfSilence) {
  monitor.asked(7, start + seconds(30));
  EXPECT_EQ(monitor.due(start + seconds(40) - one_tick), action::none);
  EXPECT_EQ(monitor.due(start + seconds(40)), action::give_up);
  EXPECT_EQ(monitor.due(start + seconds(40) + one_tick), action::give_up);
}

TEST_F(HeartbeatMonitor, TheTimeoutCountsFromTheQuestionEvenIfItWasLate) {
  monitor.asked(7, start + seconds(33));
  EXPECT_EQ(monitor.deadline(), start + seconds(43));
}

TEST_F(HeartbeatMonitor, AfterOtherSignsOfLifeItAsksAnewInsteadOfGivingUp) {
  monitor.asked(7, start + seconds(30));
  monitor.heard(start + seconds(35));
  EXPECT_EQ(monitor.deadline(), start + seconds(40));
  EXPECT_EQ(monitor.due(start + seconds(40)), action::none);
  EXPECT_FALSE(monitor.waiting_for(7));
  EXPECT_EQ(monitor.due(start + seconds(65) - one_tick), action::none);
  EXPECT_EQ(monitor.due(start + seconds(65)), action::ask);
}

TEST_F(HeartbeatMonitor, OtherSignsOfLifeDoNotAnswerTheQuestion) {
  monitor.asked(7, start + seconds(30));
  monitor.heard(start + seconds(35));
  EXPECT_TRUE(monitor.waiting_for(7));
  EXPECT_EQ(monitor.answered(7, start + seconds(36)), duration(seconds(6)));
}

TEST_F(HeartbeatMonitor, MeasuresTheRoundTripOfItsOwnQuestionAlone) {
  monitor.asked(7, start + seconds(30));
  EXPECT_EQ(monitor.answered(8, start + seconds(31)), std::nullopt);
  EXPECT_EQ(monitor.answered(7, start + seconds(32)), duration(seconds(2)));
  EXPECT_EQ(monitor.answered(7, start + seconds(33)), std::nullopt);
  EXPECT_FALSE(monitor.waiting_for(7));
}

TEST_F(HeartbeatMonitor, StartsOverAfterAnAnswer) {
  monitor.asked(7, start + seconds(30));
  monitor.answered(7, start + seconds(31));
  monitor.heard(start + seconds(31));
  EXPECT_EQ(monitor.deadline(), start + seconds(61));
  EXPECT_EQ(monitor.due(start + seconds(61)), action::ask);
}

TEST_F(HeartbeatMonitor, HasNothingToDoWhileReadingIsPaused) {
  monitor.pause();
  EXPECT_EQ(monitor.deadline(), never);
  EXPECT_EQ(monitor.due(start + std::chrono::hours(5)), action::none);
  monitor.resume(start + std::chrono::hours(5));
  EXPECT_EQ(monitor.deadline(), start + std::chrono::hours(5) + seconds(30));
}

TEST_F(HeartbeatMonitor, PauseDoesNotCountAgainstAQuestionUnderWay) {
  monitor.asked(7, start + seconds(30));
  monitor.pause();
  monitor.resume(start + seconds(300));
  EXPECT_EQ(monitor.due(start + seconds(310) - one_tick), action::none);
  EXPECT_EQ(monitor.due(start + seconds(310)), action::give_up);
}

TEST_F(HeartbeatMonitor, NeverAsksWithAnIntervalOfZero) {
  monitor.start({milliseconds(0), milliseconds(10)}, start);
  EXPECT_EQ(monitor.deadline(), never);
}

TEST_F(HeartbeatMonitor, StopsAndForgetsItsQuestion) {
  monitor.asked(7, start);
  monitor.stop();
  EXPECT_EQ(monitor.deadline(), never);
  EXPECT_FALSE(monitor.waiting_for(7));
}

TEST_F(HeartbeatMonitor, ANewConnectionStartsFresh) {
  monitor.asked(7, start + seconds(30));
  monitor.start(every_30s, start + seconds(100));
  EXPECT_EQ(monitor.deadline(), start + seconds(130));
  EXPECT_EQ(monitor.answered(7, start + seconds(101)), std::nullopt);
}

TEST_F(HeartbeatMonitor, StaysPausedWhenItStartsAnew) {
  monitor.pause();
  monitor.start(every_30s, start + seconds(100));
  EXPECT_EQ(monitor.deadline(), never);
  monitor.resume(start + seconds(200));
  EXPECT_EQ(monitor.deadline(), start + seconds(230));
}

}  // namespace
}  // namespace lbwire::session
