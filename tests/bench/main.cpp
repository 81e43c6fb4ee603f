// The command line of the benchmarks: which to run, and where the figures go.
#include <lbwire/lbwire.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "clock.h"
#include "report.h"
#include "roles.h"
#include "suite.h"

namespace lbwire::bench {

namespace {

struct measurement {
  const char* name;
  figures (*run)(const effort&);
};

constexpr std::array measurements{
    measurement{"codec", measure_codec},           measurement{"codec_abi", measure_codec_abi},
    measurement{"round_trip", measure_round_trip}, measurement{"in_flight", measure_in_flight},
    measurement{"pushes", measure_pushes},         measurement{"gateway_pushes", measure_gateway_pushes},
    measurement{"reconnect", measure_reconnect},   measurement{"memory", measure_memory},
    measurement{"loading", measure_loading},
};

struct options {
  effort how;
  std::vector<std::string> only;
  std::string json_file;
};

double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

bool wanted(const options& o, const std::string& name) {
  return o.only.empty() || std::find(o.only.begin(), o.only.end(), name) != o.only.end();
}

int run(const options& o) {
  std::ofstream json;
  if (!o.json_file.empty()) {
    json.open(o.json_file);
    if (!json) throw std::runtime_error(o.json_file + " cannot be written");
  }
  const unsigned processors = std::thread::hardware_concurrency();
  const double load = load_average();
  if (!o.how.quick && load > 0.5) {
    std::cerr << "The load of this machine is " << load << ": absolute figures are worse than on a quiet one.\n";
  }

  figures all;
  for (const measurement& m : measurements) {
    if (!wanted(o, m.name)) continue;
    std::cerr << m.name << " ..." << std::flush;
    const int64_t start = now_ns();
    const figures some = m.run(o.how);
    all.insert(all.end(), some.begin(), some.end());
    const int64_t tenths = (now_ns() - start) / 100'000'000;
    std::cerr << ' ' << tenths / 10 << '.' << tenths % 10 << " s\n";
  }
  print_table(std::cout, all);
  if (json.is_open()) {
    const nlohmann::ordered_json report{{"version", lbw_version()},
                                        {"processors", processors},
                                        {"load", load},
                                        {"quick", o.how.quick},
                                        {"figures", to_json(all)}};
    json << report.dump(2) << '\n';
    if (!json.flush()) throw std::runtime_error(o.json_file + " cannot be written");
  }
  return 0;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const measurement& m : measurements) all.emplace_back(m.name);
  return all;
}

int command_line(int argc, char** argv) {
  CLI::App app("Measures the library against bare loops that move the same bytes, in one run, by turns");
  options o;
  app.add_option("--json", o.json_file, "Also write the figures to this file")->type_name("FILE");
  app.add_option("--only", o.only, "Run these alone, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(names()))
      ->type_name("NAME");
  app.add_flag("--quick", o.how.quick, "Run everything for a moment only, to see that it works; the figures are none");
  app.footer(
      "Each ratio is the median of several repetitions, and the spread is the smallest and the largest.\n"
      "Exits with 0 if everything could be measured, whether or not the targets were met.");
  CLI11_PARSE(app, argc, argv);
  return run(o);
}

}  // namespace

}  // namespace lbwire::bench

int main(int argc, char** argv) {
  using namespace lbwire::bench;
  if (argc >= 3 && std::string_view(argv[1]) == "--role") run_role(argv[2], words(argv + 3, argv + argc));
  std::signal(SIGPIPE, SIG_IGN);  // a process that ended early is reported
  try {
    return command_line(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << "\nlbwire_bench: " << problem.what() << '\n';
    return 1;
  }
}
