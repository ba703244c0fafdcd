#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/core.hpp"

namespace headrace::test {

// Plays one transcript of tests/wire/*.md against the real core; tests/wire/README.md describes the
// language.
class Transcript {
 public:
  // One line of a transcript, with its number in the file.
  struct Line {
    int number = 0;
    std::string text;
  };

  // Plays the lines and gives what went otherwise than they say, or nothing.
  std::optional<std::string> play(const std::vector<Line>& lines);

 private:
  using Words = std::vector<std::string>;

  struct Peer {
    ConnectionId id;
    bool held = false;
    std::size_t unaccepted = 0;
  };

  void input(const Words& words);
  void submit(const Words& words);
  void receive(Peer& peer, std::string_view bytes);
  void wait(Duration duration);
  void accept(Peer& peer, std::size_t count);

  void drain();
  void perform(const core::Action& action);
  void report(const core::Part& part);
  void report(core::Completion completion);

  core::Core& core();
  Peer& peer(const std::string& number);
  std::string number_of(ConnectionId id);

  Options options_;
  std::unique_ptr<core::Core> core_;
  Instant now_ = {};
  std::vector<Peer> peers_;  // in the order of their Dials: the first is connection 1
  std::map<std::string, ExchangeId> exchanges_;
  std::vector<std::string> names_;  // by tag
  std::vector<std::string> outputs_;
};

// The transcripts of one Markdown file: each fenced block, under the nearest heading.
struct NamedTranscript {
  std::string name;
  std::vector<Transcript::Line> lines;
};
std::vector<NamedTranscript> read_transcripts(std::string_view markdown);

}  // namespace headrace::test
