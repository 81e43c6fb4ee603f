#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>

extern char** environ;

namespace lbwire::bench {

namespace {

using std::chrono::steady_clock;

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::system_category(), "pipe");
  return ends;
}

std::string this_program() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

}  // namespace

std::string program_folder() {
  return std::filesystem::path(this_program()).parent_path().string();
}

child::child(const std::string& program, const std::vector<std::string>& arguments) {
  const auto in = make_pipe(), out = make_pipe();
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  orders_ = in[1];
  answers_ = out[0];
  if (error != 0) {
    ::close(orders_);
    ::close(answers_);
    throw std::system_error(error, std::system_category(), program);
  }
}

child child::in_role(const std::string& role, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--role", role});
  return {this_program(), arguments};
}

child::~child() {
  ::close(orders_);
  ::close(answers_);
  const auto deadline = steady_clock::now() + std::chrono::seconds(5);
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void child::order(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(orders_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("a process of the benchmark takes no orders any more");
  }
}

std::string child::answer(const std::string& word) {
  const std::string line = read_line();
  if (line.rfind(word + " ", 0) != 0) {
    throw std::runtime_error("a process of the benchmark says '" + line + "' instead of " + word);
  }
  return line.substr(word.size() + 1);
}

std::string child::read_line() {
  const auto deadline = steady_clock::now() + patience;
  for (;;) {
    if (const size_t end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    pollfd waiting{answers_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) {
      throw std::runtime_error("a process of the benchmark does not answer");
    }
    std::array<char, 4096> buffer;
    const ssize_t size = ::read(answers_, buffer.data(), buffer.size());
    if (size > 0) unread_.append(buffer.data(), static_cast<size_t>(size));
    if (size == 0) throw std::runtime_error("a process of the benchmark ended early");
  }
}

}  // namespace lbwire::bench
