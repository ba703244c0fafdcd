#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>

namespace headrace::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!command.environment.contains(std::string(text.substr(0, text.find('=')))))
      out.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment) out.push_back(name + "=" + value);
  return out;
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  checked(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// Waits until the child is the program: before that it would run the test's signal handlers. The
// pipe ends with the exec, or brings errno.
void await_exec(pid_t child, const Pipe& pipe, const std::string& program) {
  int error = 0;
  if (::read(pipe.reader.get(), &error, sizeof error) <= 0) return;
  ::waitpid(child, nullptr, 0);
  errno = error;
  throw_system_error("cannot start " + program);
}

// Everything is laid out before the fork: other threads may hold malloc's lock, so the child calls
// nothing but what is safe after a fork.
pid_t start(const Command& command, const Process::Standard& standard) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> environment_pointers = pointers(environment);
  const pid_t parent = ::getpid();
  Pipe started = make_pipe();
  const pid_t child = checked(::fork(), "fork");
  if (child > 0) {
    started.writer.reset();
    await_exec(child, started, command.arguments.front());
    return child;
  }

  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(126);  // the parent died before prctl
  if (standard.input >= 0) ::dup2(standard.input, 0);
  if (standard.output >= 0) ::dup2(standard.output, 1);
  if (standard.errors >= 0) ::dup2(standard.errors, 2);
  ::execvpe(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
  const int error = errno;
  if (::write(started.writer.get(), &error, sizeof error) < 0) ::_exit(126);
  ::_exit(127);
}

Descriptor open_output(const std::filesystem::path& file) {
  if (file.empty()) return {};
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  return Descriptor(checked(::open(file.c_str(), flags, 0600), file.c_str()));
}

// The same as pidfd_open(2), which glibc wraps from 2.36 on.
Descriptor open_handle(pid_t pid) {
  const long number = ::syscall(SYS_pidfd_open, pid, 0);
  return Descriptor(checked(static_cast<int>(number), "pidfd_open"));
}

Descriptor file_with(std::string_view text) {
  Descriptor file(checked(::memfd_create("stdin", MFD_CLOEXEC), "memfd_create"));
  while (!text.empty()) {
    const ssize_t count = ::write(file.get(), text.data(), text.size());
    if (count < 0) throw_system_error("write");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// Appends what is there; false at the end of the stream.
bool drain(int descriptor, std::string& into) {
  std::array<char, 65536>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

int checked_limit(std::chrono::steady_clock::time_point until, const Command& command) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  if (left.count() <= 0)
    throw std::runtime_error(command.arguments.front() + " did not end in time");
  return static_cast<int>(left.count());
}

}  // namespace

Process::Process(const Command& command) {
  const Descriptor output = open_output(command.output);
  pid_ = start(command, {.output = output.get(), .errors = output.get()});
  handle_ = open_handle(pid_);
}

Process::Process(const Command& command, const Standard& standard)
    : pid_(start(command, standard)), handle_(open_handle(pid_)) {}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      handle_(std::move(other.handle_)),
      status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(handle_, other.handle_);
  std::swap(status_, other.status_);
  return *this;
}

Process::~Process() { terminate(); }

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  if (pid_ > 0 && !status_ && wait_until_ready(handle_.get(), Readiness::read, limit)) reap();
  return status_;
}

void Process::reap() {
  int status = 0;
  checked(::waitpid(pid_, &status, 0), "waitpid");
  status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void Process::send(int signal) {
  if (!running()) throw std::runtime_error("a program that should be running has ended");
  checked(::kill(pid_, signal), "kill");
}

void Process::terminate(int signal) {
  if (pid_ <= 0 || status_) return;
  ::kill(pid_, signal);
  if (wait()) return;
  ::kill(pid_, SIGKILL);
  reap();
}

Finished run(const Command& command, std::string_view input, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  const Descriptor given = file_with(input);
  Process process(command, {given.get(), output.writer.get(), errors.writer.get()});
  output.writer.reset();
  errors.writer.reset();

  Finished finished;
  std::array<pollfd, 2> watched{pollfd{output.reader.get(), POLLIN, 0},
                                pollfd{errors.reader.get(), POLLIN, 0}};
  const std::array<std::string*, 2> texts{&finished.output, &finished.errors};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (::poll(watched.data(), watched.size(), checked_limit(until, command)) <= 0) continue;
    for (std::size_t i = 0; i < watched.size(); ++i)
      if (watched[i].revents != 0 && !drain(watched[i].fd, *texts[i])) watched[i].fd = -1;
  }
  finished.status = process.wait(std::chrono::milliseconds(checked_limit(until, command))).value();
  return finished;
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path != nullptr ? path : "") +
                             ":/usr/sbin:/usr/local/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

}  // namespace headrace::test
