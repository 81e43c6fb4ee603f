#include "connect.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "abi.h"
#include "config_argument.h"
#include "output.h"
#include "poll_loop.h"
#include "printable.h"
#include "reporter.h"
#include "token_source.h"

namespace lbwire::cli {

namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr milliseconds close_deadline{5'000};
constexpr milliseconds refresh_interval{1'000};

std::string to_config(const connect_options& options) {
  json config = read_config(options.config);
  if (!options.url.empty()) config["url"] = options.url;
  if (!config.contains("url")) {
    throw failure("connect: which gateway? give a URL such as tcp://127.0.0.1:2020", exit_usage);
  }
  config["delivery"] = "queue";
  return to_line(config);
}

class monitor {
 public:
  explicit monitor(const connect_options& options)
      : out_(options.json ? format::json_lines : format::text, options.show_secrets ? secrets::show : secrets::hide),
        tokens_(options.tokens, STDIN_FILENO),
        client_(create_client(to_config(options))) {
    if (options.duration_s) duration_ = milliseconds(static_cast<int64_t>(*options.duration_s * 1e3));
  }

  int run();

 private:
  enum class asked { nothing, end_of_duration, signal };

  void drain_events();
  void handle(const lbw_event& event);
  void on_state(const lbw_state_event& event);
  void give_token();
  void disconnect(asked why);
  void watch_the_clock();
  std::optional<milliseconds> until_next_duty() const;
  lbw_client_stats stats() const;
  std::string status_text(const lbw_client_stats& now) const;
  void report_stats();
  int conclude() const;

  reporter out_;
  token_source tokens_;
  client_handle client_;
  std::optional<milliseconds> duration_;

  bool more_events_ = false;
  bool token_wanted_ = false;
  bool prompted_ = false;
  bool out_of_tokens_ = false;
  bool had_session_ = false;
  asked asked_ = asked::nothing;
  std::optional<int32_t> final_state_;
  std::string final_cause_;
  std::string last_close_;
  std::optional<clock::time_point> disconnect_at_, closed_by_, refresh_at_;
};

int monitor::run() {
  int32_t fd = -1;
  check(lbw_client_poll_fd(client_.get(), &fd), "poll_fd");
  poll_loop loop(fd);
  check(lbw_client_connect(client_.get()), "connect");
  if (duration_) disconnect_at_ = clock::now() + *duration_;
  if (out_.has_status_line()) refresh_at_ = clock::now();

  while (!final_state_ && !out_of_tokens_) {
    const auto ready = loop.wait(token_wanted_, until_next_duty());
    drain_events();
    if (ready.input) tokens_.fill();
    if (token_wanted_) give_token();
    if (ready.signal) disconnect(asked::signal);
    watch_the_clock();
  }
  out_.clear_status();
  report_stats();
  return conclude();
}

// A bounded number at a time, so that a flood of pushes cannot keep signals and the clock waiting.
void monitor::drain_events() {
  for (int i = 0; i < 1000 && !final_state_; ++i) {
    const lbw_event* event = nullptr;
    const lbw_status status = lbw_client_poll(client_.get(), &event, 0);
    more_events_ = status != LBW_ERR_TIMEOUT;
    if (!more_events_) return;
    check(status, "poll");
    out_.event(*event);
    handle(*event);
    if (refresh_at_) refresh_at_ = clock::now();
  }
}

void monitor::handle(const lbw_event& event) {
  switch (event.header.type) {
    case LBW_EVENT_STATE: on_state(event.state); break;
    case LBW_EVENT_SESSION: had_session_ = true; break;
    case LBW_EVENT_TOKEN: token_wanted_ = true; break;
    case LBW_EVENT_CLOSE:
      last_close_ = std::string(event.close.name) + " \"" + escape(event.close.reason) + "\"";
      break;
    default: break;
  }
}

void monitor::on_state(const lbw_state_event& event) {
  if (event.state != LBW_STATE_CLOSED && event.state != LBW_STATE_FAILED) return;
  final_state_ = event.state;
  final_cause_ = lbw_cause_name(event.cause);
  if (event.detail_len != 0) final_cause_ += ": " + escape({event.detail, event.detail_len});
}

void monitor::give_token() {
  if (const auto token = tokens_.next()) {
    check(lbw_client_set_token(client_.get(), token->data(), token->size()), "set_token");
    token_wanted_ = prompted_ = false;
  } else if (tokens_.exhausted()) {
    out_of_tokens_ = true;
  } else if (!prompted_ && ::isatty(STDIN_FILENO) == 1) {
    out_.clear_status();
    std::fputs("a one-time token, please: ", stderr);
    prompted_ = true;
  }
}

void monitor::disconnect(asked why) {
  if (asked_ != asked::nothing || final_state_) return;
  asked_ = why;
  token_wanted_ = false;
  check(lbw_client_disconnect(client_.get()), "disconnect");
  disconnect_at_.reset();
  closed_by_ = clock::now() + close_deadline;
}

void monitor::watch_the_clock() {
  const auto now = clock::now();
  if (disconnect_at_ && now >= *disconnect_at_) disconnect(asked::end_of_duration);
  if (closed_by_ && now >= *closed_by_ && !final_state_) {
    throw failure("the client did not close within " + std::to_string(close_deadline.count()) + " ms");
  }
  if (refresh_at_ && now >= *refresh_at_ && !final_state_) {
    if (!token_wanted_) out_.show_status(status_text(stats()));
    refresh_at_ = now + refresh_interval;
  }
}

std::optional<milliseconds> monitor::until_next_duty() const {
  if (more_events_) return milliseconds(0);
  std::optional<clock::time_point> next;
  for (const auto& due : {disconnect_at_, closed_by_, refresh_at_}) {
    if (due) next = next ? std::min(*next, *due) : *due;
  }
  if (!next) return std::nullopt;
  // Rounded up, or the last millisecond would be spent in turning.
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*next - clock::now()));
}

lbw_client_stats monitor::stats() const {
  lbw_client_stats now{};
  now.size = sizeof now;
  check(lbw_client_get_stats(client_.get(), &now), "stats");
  return now;
}

std::string monitor::status_text(const lbw_client_stats& now) const {
  std::string text = lbw_state_name(now.state);
  if (now.srtt_us != 0) {
    text += " | round trip " + show_duration_us(now.rtt_us) + ", least " + show_duration_us(now.rtt_min_us) +
            ", smoothed " + show_duration_us(now.srtt_us);
  }
  text += " | pushes " + std::to_string(now.pushes) + " | heartbeats " + std::to_string(now.heartbeats_answered) + "/" +
          std::to_string(now.heartbeats_sent) + " ours, " + std::to_string(now.heartbeats_received) +
          " theirs | sessions " + std::to_string(now.sessions);
  return text;
}

void monitor::report_stats() {
  const lbw_client_stats now = stats();
  out_.say(to_json(now), "total     " + status_text(now) + " | bytes " + std::to_string(now.bytes_received) + " in, " +
                             std::to_string(now.bytes_sent) + " out");
}

int monitor::conclude() const {
  if (out_of_tokens_) {
    throw failure("no token left: give one more --token, or one a line on standard input");
  }
  if (asked_ != asked::nothing && *final_state_ == LBW_STATE_CLOSED) {
    if (asked_ == asked::signal || had_session_) return exit_ok;
    throw failure("there was no session within --duration");
  }
  const std::string why = last_close_.empty() ? "" : "; the last close was " + last_close_;
  throw failure(std::string("the session is over: ") + lbw_state_name(*final_state_) + ", " + final_cause_ + why);
}

}  // namespace

int run_connect(const connect_options& options) {
  return monitor(options).run();
}

}  // namespace lbwire::cli
