// The command line: which command, with which options. What each does is in the file of its name.
#include <fcntl.h>
#include <lbwire/lbwire.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <memory>
#include <string>

#include "abi.h"
#include "connect.h"
#include "demo/demo.h"
#include "gateway.h"
#include "gateway_commands.h"
#include "output.h"
#include "packets.h"

namespace lbwire::cli {

namespace {

constexpr double longest_s = 365.0 * 24 * 3600;

// What to do once the command line is understood.
using command = std::function<int()>;

void add_demo(CLI::App& app, command& chosen) {
  auto* sub = app.add_subcommand("demo", "Show all of it in one process: a gateway, clients, and every close");
  auto options = std::make_shared<demo_options>();
  sub->add_flag("--json", options->json, "One JSON object a step instead of the story");
  sub->footer(
      "Starts a gateway and clients on loopback: auth, heartbeats, a request, a push, and each of the seven\n"
      "closes of the protocol, really caused one by one. Takes a few seconds, and exits with 0 only if each\n"
      "step happened as it should.\n\n"
      "Examples:\n"
      "  lbwire demo\n"
      "  lbwire demo --json");
  sub->callback([options, &chosen] { chosen = [options] { return run_demo(*options); }; });
}

// An option that takes one value each time it is given, so that `--token A URL` leaves URL alone.
CLI::Option* add_tokens(CLI::App& sub, std::vector<std::string>& tokens, const std::string& text) {
  return sub.add_option("--token", tokens, text)->type_name("TOKEN")->allow_extra_args(false);
}

void add_gateway(CLI::App& app, command& chosen) {
  auto* sub = app.add_subcommand("gateway", "Run a gateway that echoes requests and tells what happens");
  auto options = std::make_shared<gateway_options>();
  sub->add_option("--tcp", options->tcp,
                  std::string("Where to listen; port 0 lets the system choose. Default: ") + default_gateway_address)
      ->type_name("HOST:PORT");
  add_tokens(*sub, options->tokens, "A token to accept, once. May be repeated. Without any, one is made and shown");
  sub->add_option("--session-ttl", options->session_ttl_s, "How long a session lasts, fractions allowed")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, longest_s));
  sub->add_option("--heartbeat-interval", options->heartbeat_interval_ms, "Ask a silent client after this long")
      ->type_name("MS");
  sub->add_option("--heartbeat-timeout", options->heartbeat_timeout_ms, "Close if no answer comes within this")
      ->type_name("MS");
  sub->add_option("--config", options->config,
                  "More settings as a JSON object, or @FILE; the options above win. See: lbwire schema")
      ->type_name("JSON|@FILE");
  sub->add_flag("--json", options->json, "One JSON object a line");
  sub->add_flag("--show-secrets", options->show_secrets, "Show session ids");
  sub->footer(std::string("Standard input takes orders, a line each:\n  ") + gateway_commands_help +
              "\nCODE is a number from 0 to 255 or a name such as ConnectDuplicate, CMD a number from 4 to 255. "
              "Both\n"
              "go to every connection. The end of standard input changes nothing; quit, SIGINT and SIGTERM tell\n"
              "every client ServerShutdown and end the gateway.\n\n"
              "Examples:\n"
              "  lbwire gateway\n"
              "  lbwire gateway --tcp 127.0.0.1:0 --token one --token two --session-ttl 60 --json\n"
              "  lbwire gateway --heartbeat-interval 1000 --heartbeat-timeout 500");
  sub->callback([options, &chosen] { chosen = [options] { return run_gateway(*options); }; });
}

void add_connect(CLI::App& app, command& chosen) {
  auto* sub = app.add_subcommand("connect", "Keep a session with a gateway, and show how it lives");
  auto options = std::make_shared<connect_options>();
  sub->add_option("URL", options->url, "The gateway, as in tcp://127.0.0.1:2020; may be in --config instead");
  add_tokens(*sub, options->tokens,
             "A one-time token. May be repeated: they are used in order, then lines of standard input");
  sub->add_option("--config", options->config, "More settings as a JSON object, or @FILE. See: lbwire schema")
      ->type_name("JSON|@FILE");
  sub->add_option("--duration", options->duration_s, "Disconnect after this long; 0: when the session is over")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, longest_s));
  sub->add_flag("--json", options->json, "One JSON object a line");
  sub->add_flag("--show-secrets", options->show_secrets, "Show session ids");
  sub->footer(
      "Exits with 0 if there was a session and --duration, SIGINT or SIGTERM ended it; with 1 if the client\n"
      "gave up, was taken over by another connection, or had no token left.\n"
      "A token on the command line can be seen by others on the same machine; standard input hides it.\n\n"
      "Examples:\n"
      "  lbwire connect tcp://127.0.0.1:2020 --token one --token two\n"
      "  fetch-token | lbwire connect tcp://127.0.0.1:2020 --duration 10 --json\n"
      "  lbwire connect tcp://127.0.0.1:2020 --config '{\"heartbeat\":{\"interval_ms\":1000}}'");
  sub->callback([options, &chosen] {
    if (options->duration_s == 0.0) options->duration_s.reset();
    chosen = [options] { return run_connect(*options); };
  });
}

void add_codec(CLI::App& app, command& chosen, const char* name, const char* text, const char* footer,
               int (*run)(uint32_t)) {
  auto* sub = app.add_subcommand(name, text);
  auto version = std::make_shared<uint32_t>(1);
  sub->add_option("--version", *version, "Version of the protocol: 1 or 2. Default: 1")
      ->type_name("1|2")
      ->check(CLI::IsMember({1, 2}));
  sub->footer(footer);
  sub->callback([version, run, &chosen] { chosen = [version, run] { return run(*version); }; });
}

void add_codecs(CLI::App& app, command& chosen) {
  add_codec(app, chosen, "decode", "Packets in hex to JSON, a line each",
            "Reads one packet in hex a line, and writes one JSON object a line. A line that is no packet gives\n"
            "{\"error\":...,\"offset\":...}, the next is read, and the exit code at the end is 1.\n\n"
            "Example:\n"
            "  echo 03000000020806 | lbwire decode",
            run_decode);
  add_codec(app, chosen, "encode", "Packets in JSON to hex, a line each",
            "The inverse of decode: reads one JSON object a line, and writes one packet in hex a line. "
            "\"version\"\n"
            "in the object wins over --version; \"control\" gives the body where \"body_hex\" is absent. A "
            "line that\n"
            "is no packet gives {\"error\":...,\"offset\":...} and a line on standard error, the next is "
            "read, and\n"
            "the exit code at the end is 1.\n\n"
            "Example:\n"
            "  echo '{\"type\":\"push\",\"cmd\":0,\"body_hex\":\"0806\"}' | lbwire encode",
            run_encode);
}

void add_schema(CLI::App& app, command& chosen) {
  auto* sub = app.add_subcommand("schema", "Print the JSON Schema of every setting of clients and gateways");
  sub->footer("Example:\n  lbwire schema | jq '.\"$defs\".client.properties'");
  sub->callback([&chosen] {
    chosen = [] {
      print_line(lbw_config_schema());
      return exit_ok;
    };
  });
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Authenticated sessions with a gateway that speaks the Longbridge socket protocol", "lbwire");
  app.set_version_flag("--version", std::string("lbwire ") + lbw_version());
  app.require_subcommand(1);
  app.footer("lbwire COMMAND --help tells more, with examples.");
  command chosen;
  add_demo(app, chosen);
  add_gateway(app, chosen);
  add_connect(app, chosen);
  add_codecs(app, chosen);
  add_schema(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return chosen();
}

// A program may be started without standard descriptors. The library's sockets must not take their numbers.
void occupy_standard_descriptors() {
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
  if (fd >= 0) ::close(fd);
}

}  // namespace

}  // namespace lbwire::cli

int main(int argc, char** argv) {
  using namespace lbwire::cli;
  occupy_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed standard output shows as an error of the write
  std::signal(SIGTTIN, SIG_IGN);  // in the background a read of the terminal fails instead of stopping us
  try {
    return parse_and_run(argc, argv);
  } catch (const output_closed&) {
    return exit_ok;
  } catch (const failure& error) {
    print_error(error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    print_error(std::string("unexpected: ") + error.what());
    return exit_failure;
  }
}
