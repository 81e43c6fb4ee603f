#include "packets.h"

#include <lbwire/lbwire.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "abi.h"
#include "hex.h"
#include "json.h"
#include "line_reader.h"
#include "output.h"

namespace lbwire::cli {

namespace {

// The largest packet is a little over 16 MiB; its line holds it twice, as body_hex and packet_hex.
constexpr size_t longest_line = size_t{72} << 20;

struct unreadable {
  std::string error;
  size_t offset = 0;
};

// Turns one line into another, or throws unreadable.
using converter = std::function<std::string(std::string_view)>;
using on_error = std::function<void(size_t line_number, const unreadable&)>;

int convert_lines(const converter& convert, const on_error& also) {
  line_reader input(STDIN_FILENO, longest_line);
  int result = exit_ok;
  for (size_t number = 1;; ++number) {
    const auto line = read_line(input);
    if (!line) return result;
    try {
      if (line->too_long) throw unreadable{"the line is too long for a packet", longest_line};
      print_line(convert(line->text));
    } catch (const unreadable& reason) {
      result = exit_failure;
      print_line(to_line({{"error", reason.error}, {"offset", reason.offset}}));
      also(number, reason);
    }
  }
}

std::string decode_line(uint32_t version, std::string_view line, std::string& buffer) {
  hex_error error;
  const auto packet = from_hex(line, error);
  if (!packet) {
    throw unreadable{"no pair of hex digits at column " + std::to_string(error.column), error.offset};
  }
  size_t length = 0;
  size_t offset = 0;
  const auto to_json = [&] {
    return lbw_packet_to_json(version, packet->data(), packet->size(), buffer.data(), buffer.size(), &length, &offset);
  };
  lbw_status status = to_json();
  if (status == LBW_ERR_BUFFER_TOO_SMALL) {
    buffer.resize(length + 1);
    status = to_json();
  }
  if (status != LBW_OK) throw unreadable{describe(status), offset};
  return buffer.substr(0, length);
}

// Where the JSON stops being JSON; 0 if it is well-formed and just describes no packet.
size_t syntax_error_offset(std::string_view line) {
  try {
    [[maybe_unused]] const json well_formed = json::parse(line);
  } catch (const json::parse_error& error) {
    return error.byte == 0 ? 0 : error.byte - 1;
  }
  return 0;
}

std::string encode_line(uint32_t version, std::string_view line, std::vector<char>& buffer) {
  size_t length = 0;
  const auto from_json = [&] {
    return lbw_packet_from_json(version, line.data(), line.size(), buffer.data(), buffer.size(), &length);
  };
  lbw_status status = from_json();
  if (status == LBW_ERR_BUFFER_TOO_SMALL) {
    buffer.resize(length);
    status = from_json();
  }
  if (status != LBW_OK) throw unreadable{describe(status), syntax_error_offset(line)};
  return to_hex(buffer.data(), length);
}

}  // namespace

int run_decode(uint32_t version) {
  std::string buffer(4096, '\0');
  return convert_lines([&](std::string_view line) { return decode_line(version, line, buffer); },
                       [](size_t, const unreadable&) {});
}

int run_encode(uint32_t version) {
  std::vector<char> buffer(4096);
  return convert_lines([&](std::string_view line) { return encode_line(version, line, buffer); },
                       [](size_t number, const unreadable& reason) {
                         print_error("line " + std::to_string(number) + ": " + reason.error);
                       });
}

}  // namespace lbwire::cli
