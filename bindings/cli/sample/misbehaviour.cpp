#include "bindings/cli/sample/misbehaviour.hpp"

#include <algorithm>

#include "bindings/cli/sample/talk.hpp"

namespace headrace::sample {
namespace {

constexpr std::string_view unasked_answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked";
constexpr std::string_view unasked_timeout =
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

bool unlucky(const Heard& heard, const Habits& habits) { return heard.number % habits.every == 0; }

void honest(Talk& talk, const Habits&) {
  while (true)
    for (const Heard& heard : talk.hear()) talk.answer(heard);
}

void http10(Talk& talk, const Habits&) {
  const Heard heard = talk.hear().front();
  const std::string& body = heard.request.target;
  talk.answer_with("HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + (heard.request.method == "HEAD" ? "" : body));
}

void close_after_some(Talk& talk, const Habits& habits, bool announce) {
  std::size_t left = habits.answers;
  while (true) {
    for (const Heard& heard : talk.hear()) {
      --left;
      talk.answer(heard, announce && left == 0);
      if (left == 0) return;
    }
  }
}

void closes_after_k(Talk& talk, const Habits& habits) { close_after_some(talk, habits, false); }

void announces_close_after_k(Talk& talk, const Habits& habits) {
  close_after_some(talk, habits, true);
}

// What comes while it works on the first is dropped as well, in whatever segment.
void ignores_followers(Talk& talk, const Habits&) {
  while (true) {
    const Heard first = talk.hear().front();
    talk.pause(std::chrono::milliseconds(1));
    talk.overhear();
    talk.answer(first);
  }
}

// A parser that forgets its buffer with the request that it took from it.
void swallows_second(Talk& talk, const Habits&) {
  while (true) talk.answer(talk.hear().front());
}

void skips_second(Talk& talk, const Habits&) {
  while (true) {
    const std::vector<Heard> together = talk.hear();
    for (std::size_t i = 0; i < together.size(); ++i)
      if (i != 1) talk.answer(together[i]);
  }
}

void reorders(Talk& talk, const Habits&) {
  while (true) {
    std::vector<Heard> together = talk.hear();
    for (std::size_t i = 0; i + 1 < together.size(); i += 2)
      std::swap(together[i], together[i + 1]);
    for (const Heard& heard : together) talk.answer(heard);
  }
}

// Behind all that was asked: one in between would pass for the next request's answer.
void extra_answers(Talk& talk, const Habits& habits) {
  while (true) {
    bool extra = false;
    for (const Heard& heard : talk.hear()) {
      talk.answer(heard);
      extra = extra || unlucky(heard, habits);
    }
    if (extra) talk.say(unasked_answer);
  }
}

void truncates(Talk& talk, const Habits& habits) {
  while (true) {
    for (const Heard& heard : talk.hear()) {
      if (unlucky(heard, habits))
        return talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nnot all of it");
      talk.answer(heard);
    }
  }
}

void talks_while_idle(Talk& talk, const Habits& habits) {
  while (true) {
    for (const Heard& heard : talk.hear()) talk.answer(heard);
    if (!talk.quiet_for(habits.idle)) continue;
    talk.say(unasked_timeout);
    talk.fall_silent();
  }
}

void slow_head(Talk& talk, const Habits& habits) {
  while (true) {
    for (const Heard& heard : talk.hear()) {
      if (unlucky(heard, habits)) talk.pause(habits.slow);
      talk.answer(heard);
    }
  }
}

// Alone or at the head it would have been answered: something in the server waits for another.
void hangs(Talk& talk, const Habits& habits) {
  while (true) {
    bool first = true;
    for (const Heard& heard : talk.hear()) {
      if (unlucky(heard, habits) && !first) talk.fall_silent();
      talk.answer(heard);
      first = false;
    }
  }
}

void resets(Talk& talk, const Habits& habits) {
  while (true) {
    for (const Heard& heard : talk.hear()) {
      if (unlucky(heard, habits)) return talk.reset();
      talk.answer(heard);
    }
  }
}

constexpr Misbehaviour kinds[] = {
    {"honest", "answers everything, in order", honest},
    {"http10", "answers one request per connection, as HTTP/1.0", http10},
    {"closes_after_k", "closes each connection after 8 answers, without a word", closes_after_k},
    {"announces_close_after_k", "says Connection: close in the 8th answer, and closes",
     announces_close_after_k},
    {"ignores_followers", "answers one request at a time, and forgets what comes meanwhile",
     ignores_followers},
    {"swallows_second", "answers the first request of each read, and forgets what came with it",
     swallows_second},
    {"skips_second", "forgets the second request of each read alone, so that answers shift",
     skips_second},
    {"reorders", "answers the requests of a read in swapped pairs", reorders},
    {"extra_answers", "sends an answer that nobody asked for after every 50th", extra_answers},
    {"truncates", "closes in the middle of every 50th answer, a chunked one", truncates},
    {"talks_while_idle", "sends 408 to connections that are idle for half a second",
     talks_while_idle},
    {"slow_head", "takes a second for every 50th answer", slow_head},
    {"hangs", "never answers every 50th request if it came behind others, nor what follows it",
     hangs},
    {"resets", "resets the connection instead of every 50th answer", resets},
};

}  // namespace

std::span<const Misbehaviour> misbehaviours() { return kinds; }

const Misbehaviour* find_misbehaviour(std::string_view name) {
  const auto* const found = std::ranges::find(kinds, name, &Misbehaviour::name);
  return found == std::ranges::end(kinds) ? nullptr : found;
}

std::string list_of_misbehaviours() {
  constexpr std::size_t width = 25;
  std::string list;
  for (const Misbehaviour& kind : kinds) {
    list.append("  ").append(kind.name).append(width - kind.name.size(), ' ');
    list.append(kind.what).append("\n");
  }
  return list;
}

}  // namespace headrace::sample
