#include "roles.h"

#include <unistd.h>

#include <exception>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace lbwire::bench {

namespace {

const std::map<std::string, void (*)(const words&)> roles{
    {"echo_server", be_echo_server}, {"gateway", be_gateway}, {"blaster", be_blaster}, {"sessions", be_sessions}};

}  // namespace

void run_role(const std::string& name, const words& arguments) {
  try {
    roles.at(name)(arguments);
  } catch (const std::exception& problem) {
    std::cerr << "lbwire_bench, as " << name << ": " << problem.what() << '\n';
  }
  ::_exit(1);
}

void say(const std::string& line) {
  std::cout << line << std::endl;
}

void obey(const std::function<void(const words& order)>& execute) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream text(line);
    words order;
    for (std::string word; text >> word;) order.push_back(word);
    if (!order.empty()) execute(order);
  }
  ::_exit(0);
}

}  // namespace lbwire::bench
