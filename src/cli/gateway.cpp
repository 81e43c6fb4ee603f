#include "gateway.h"

#include <unistd.h>

#include <chrono>

#include "abi.h"
#include "config_argument.h"
#include "gateway_commands.h"
#include "line_reader.h"
#include "poll_loop.h"
#include "reporter.h"

namespace lbwire::cli {

namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr milliseconds stop_deadline{10'000};
constexpr size_t longest_command = size_t{1} << 20;

std::string to_config(const gateway_options& options) {
  json config = read_config(options.config);
  if (options.tcp) config["tcp"] = *options.tcp;
  if (!config.contains("tcp")) config["tcp"] = default_gateway_address;
  if (!options.tokens.empty()) config["tokens"] = options.tokens;
  json flags = json::object();
  if (options.session_ttl_s) flags["session"]["ttl_ms"] = static_cast<uint64_t>(*options.session_ttl_s * 1e3);
  if (options.heartbeat_interval_ms) flags["heartbeat"]["interval_ms"] = *options.heartbeat_interval_ms;
  if (options.heartbeat_timeout_ms) flags["heartbeat"]["timeout_ms"] = *options.heartbeat_timeout_ms;
  config.merge_patch(flags);
  config["delivery"] = "queue";
  return to_line(config);
}

class gateway_command {
 public:
  explicit gateway_command(const gateway_options& options)
      : out_(options.json ? format::json_lines : format::text, options.show_secrets ? secrets::show : secrets::hide),
        gateway_(create_gateway(to_config(options))),
        commands_(gateway_.get(), out_),
        issue_token_(options.tokens.empty() && !read_config(options.config).contains("tokens")) {}

  int run();

 private:
  void listen();
  void take_commands();
  void drain_events();
  void handle(const lbw_event& event);
  void refuse(const lbw_auth_event& event);
  void echo(const lbw_request_event& event);
  void stop();
  void check_deadline() const;
  void report_stats();

  reporter out_;
  gateway_handle gateway_;
  gateway_commands commands_;
  bool issue_token_;
  line_reader input_{STDIN_FILENO, longest_command};
  bool more_events_ = false;
  bool stopped_ = false;
  std::optional<clock::time_point> stop_by_;
};

int gateway_command::run() {
  int32_t fd = -1;
  check(lbw_gateway_poll_fd(gateway_.get(), &fd), "poll_fd");
  poll_loop loop(fd);
  listen();
  while (!stopped_) {
    std::optional<milliseconds> timeout;
    if (stop_by_) timeout = milliseconds(100);
    if (more_events_) timeout = milliseconds(0);
    const auto ready = loop.wait(!input_.at_end() && !stop_by_, timeout);
    drain_events();
    if (ready.input) take_commands();
    if (ready.signal) stop();
    check_deadline();
  }
  report_stats();
  return exit_ok;
}

void gateway_command::listen() {
  check(lbw_gateway_start(gateway_.get()), "this gateway cannot listen");
  const auto fill = [this](char* buf, size_t cap, size_t* len) {
    return lbw_gateway_address(gateway_.get(), buf, cap, len);
  };
  const std::string address = read_text(fill, "address");
  out_.say({{"event", "listening"}, {"tcp", address}}, "listening " + address);
  const std::string token = issue_token_ ? commands_.issue_token() : "TOKEN";
  out_.advise("connect   lbwire connect tcp://" + address + " --token " + token);
  out_.advise(std::string("commands  ") + gateway_commands_help);
}

// Standard input at its end is no order: a gateway may well be started without one.
void gateway_command::take_commands() {
  input_.fill();
  while (!stop_by_) {
    const auto line = input_.next();
    if (!line) return;
    if (line->too_long) {
      out_.error("a command longer than " + std::to_string(longest_command) + " bytes was ignored");
    } else if (!commands_.run(line->text)) {
      stop();
    }
  }
}

// A bounded number at a time, so that a flood of events cannot keep commands and signals waiting.
void gateway_command::drain_events() {
  for (int i = 0; i < 1000; ++i) {
    const lbw_event* event = nullptr;
    const lbw_status status = lbw_gateway_poll(gateway_.get(), &event, 0);
    more_events_ = status != LBW_ERR_TIMEOUT;
    if (!more_events_) return;
    check(status, "poll");
    handle(*event);
  }
}

void gateway_command::handle(const lbw_event& event) {
  switch (event.header.type) {
    case LBW_EVENT_AUTH: refuse(event.auth); break;
    case LBW_EVENT_REQUEST: echo(event.request); break;
    case LBW_EVENT_STOPPED: stopped_ = true; [[fallthrough]];
    default: out_.event(event);
  }
}

// The library accepts the tokens that it knows by itself, once each; what comes here is none of them.
void gateway_command::refuse(const lbw_auth_event& event) {
  const lbw_status status =
      lbw_gateway_refuse(gateway_.get(), event.connection, "the token is unknown, or was used already");
  if (status != LBW_OK && status != LBW_ERR_NOT_FOUND) out_.error("refuse: " + describe(status));
}

void gateway_command::echo(const lbw_request_event& event) {
  const lbw_status status = lbw_gateway_respond(gateway_.get(), event.connection, event.request_id,
                                                LBW_RESPONSE_SUCCESS, event.body, event.body_len);
  if (status != LBW_OK && status != LBW_ERR_NOT_FOUND) out_.error("respond: " + describe(status));
}

void gateway_command::stop() {
  if (stop_by_) return;
  check(lbw_gateway_stop(gateway_.get()), "stop");
  stop_by_ = clock::now() + stop_deadline;
}

void gateway_command::check_deadline() const {
  if (!stopped_ && stop_by_ && clock::now() > *stop_by_) {
    throw failure("the gateway did not stop within " + std::to_string(stop_deadline.count()) + " ms");
  }
}

void gateway_command::report_stats() {
  lbw_gateway_stats stats{};
  stats.size = sizeof stats;
  if (lbw_gateway_get_stats(gateway_.get(), &stats) != LBW_OK) return;
  out_.say(to_json(stats), "total     " + std::to_string(stats.accepted) + " connections, " +
                               std::to_string(stats.auths) + " by token, " + std::to_string(stats.reconnects) +
                               " by session, " + std::to_string(stats.refused) + " refused, " +
                               std::to_string(stats.requests) + " requests, " + std::to_string(stats.pushes) +
                               " pushes");
}

}  // namespace

int run_gateway(const gateway_options& options) {
  return gateway_command(options).run();
}

}  // namespace lbwire::cli
