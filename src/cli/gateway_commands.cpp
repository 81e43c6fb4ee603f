#include "gateway_commands.h"

#include <strings.h>

#include <charconv>
#include <optional>

#include "abi.h"
#include "event_text.h"
#include "json.h"
#include "printable.h"

namespace lbwire::cli {

namespace {

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// Cuts the first word off.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const size_t end = text.find_first_of(" \t");
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : trim(text.substr(end));
  return word;
}

std::optional<int> to_number(std::string_view word, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < low || value > high) {
    return std::nullopt;
  }
  return value;
}

// A number, or a name of the protocol's in any case.
std::optional<int> to_close_code(std::string_view word) {
  for (int code = LBW_CLOSE_HEARTBEAT_TIMEOUT; code <= LBW_CLOSE_CONNECT_DUPLICATE; ++code) {
    if (::strcasecmp(std::string(word).c_str(), lbw_close_name(code)) == 0) return code;
  }
  return to_number(word, 0, 255);
}

std::string count_of(uint64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

json open_connections(lbw_gateway gateway) {
  const auto fill = [gateway](char* buf, size_t cap, size_t* len) {
    return lbw_gateway_sessions(gateway, buf, cap, len);
  };
  return json::parse(read_text(fill, "sessions"));
}

std::string session_line(const json& session) {
  std::string line = "  #" + std::to_string(session.at("connection").get<uint64_t>()) + " ";
  line += escape(session.at("peer").get<std::string>());
  if (!session.at("authenticated").get<bool>()) return line + ", not authenticated yet";
  line += ", good until " + show_date(session.at("expires_ms").get<int64_t>());
  const auto rtt_us = session.at("rtt_us").get<uint64_t>();
  return rtt_us == 0 ? line : line + ", round trip " + show_duration_us(rtt_us);
}

}  // namespace

bool gateway_commands::run(std::string_view line) {
  const std::string_view word = take_word(line);
  try {
    if (word == "quit") return false;
    if (word == "close") {
      close(line);
    } else if (word == "push") {
      push(line);
    } else if (word == "sessions") {
      sessions();
    } else if (word == "token") {
      issue_token();
    } else if (!word.empty()) {
      out_.error("unknown command \"" + escape(word) + "\"; there are: " + gateway_commands_help);
    }
  } catch (const failure& error) {
    out_.error(error.what());
  }
  return true;
}

void gateway_commands::close(std::string_view arguments) {
  const std::string_view word = take_word(arguments);
  const std::optional<int> code = to_close_code(word);
  if (!code) {
    throw failure("close: \"" + escape(word) + "\" is no code; give a number from 0 to 255, or a name such as " +
                  lbw_close_name(LBW_CLOSE_CONNECT_DUPLICATE));
  }
  const std::string reason(arguments);
  uint64_t closed = 0;
  for (const json& session : open_connections(gateway_)) {
    const auto connection = session.at("connection").get<uint64_t>();
    const lbw_status status = lbw_gateway_close(gateway_, connection, *code, reason.empty() ? nullptr : reason.c_str());
    if (status == LBW_ERR_NOT_FOUND) continue;  // it ended meanwhile
    check(status, "close");
    ++closed;
  }
  out_.say({{"event", "command"}, {"command", "close"}, {"code", *code}, {"connections", closed}},
           "command   close " + show_close(*code) + " to " + count_of(closed, "connection"));
}

void gateway_commands::push(std::string_view arguments) {
  const std::string_view word = take_word(arguments);
  const std::optional<int> cmd = to_number(word, 4, 255);
  if (!cmd) throw failure("push: \"" + escape(word) + "\" is no business command; give a number from 4 to 255");
  uint64_t sent = 0;
  const lbw_status status =
      lbw_gateway_broadcast(gateway_, static_cast<uint8_t>(*cmd), arguments.data(), arguments.size(), &sent);
  out_.say({{"event", "command"}, {"command", "push"}, {"cmd", *cmd}, {"connections", sent}},
           "command   push " + std::to_string(*cmd) + " to " + count_of(sent, "connection"));
  check(status, "push");
}

void gateway_commands::sessions() {
  const json open = open_connections(gateway_);
  std::string text = "sessions  " + count_of(open.size(), "connection");
  for (const json& session : open) text += "\n" + session_line(session);
  out_.say({{"event", "sessions"}, {"sessions", open}}, text);
}

std::string gateway_commands::issue_token() {
  const auto issue = [this](char* buf, size_t cap, size_t* len) {
    return lbw_gateway_issue_token(gateway_, buf, cap, len);
  };
  std::string token = read_text(issue, "token");
  out_.say({{"event", "token"}, {"token", token}}, "token     " + token + " (works once)");
  return token;
}

}  // namespace lbwire::cli
