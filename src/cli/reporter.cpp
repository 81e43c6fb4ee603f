#include "reporter.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>

#include "event_text.h"
#include "output.h"
#include "printable.h"

namespace lbwire::cli {

namespace {

int64_t unix_ms_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// A status line that wraps could not be redrawn.
size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

reporter::reporter(format form, secrets shown)
    : form_(form), shown_(shown), terminal_(form == format::text && ::isatty(STDOUT_FILENO) == 1) {}

void reporter::event(const lbw_event& event) {
  if (form_ == format::json_lines) {
    const json object = to_json(event, shown_);
    if (!object.is_null()) print_line(to_line(object));
  } else {
    advise(to_text(event, shown_));
  }
}

void reporter::say(const json& object, std::string_view text) {
  if (form_ == format::json_lines) {
    print_line(to_line(object));
  } else {
    advise(text);
  }
}

void reporter::advise(std::string_view text) {
  if (form_ == format::json_lines || text.empty()) return;
  clear_status();
  print_line(show_clock(unix_ms_now()) + "  " + std::string(text));
}

void reporter::error(const std::string& message) {
  clear_status();
  if (form_ == format::json_lines) {
    print_line(to_line({{"event", "error"}, {"error", message}}));
  } else {
    print_error(message);
  }
}

void reporter::show_status(const std::string& text) {
  if (!terminal_) return;
  print_text("\r\x1b[K" + std::string(cut(text, terminal_width() - 1)));
  status_shown_ = true;
}

void reporter::clear_status() {
  if (status_shown_) print_text("\r\x1b[K");
  status_shown_ = false;
}

}  // namespace lbwire::cli
