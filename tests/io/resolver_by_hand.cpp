#include "tests/io/resolver_by_hand.hpp"

#include <netdb.h>

#include <stdexcept>
#include <utility>

namespace headrace::test {

ResolverByHand* ResolverByHand::current = nullptr;

ResolverByHand::ResolverByHand() { current = this; }

ResolverByHand::~ResolverByHand() {
  for (std::size_t i = 0; i < questions_.size(); ++i)
    if (questions_[i].request != nullptr) fail(i, UV_ECANCELED);
  current = nullptr;
}

int ResolverByHand::ask(uv_loop_t*, uv_getaddrinfo_t* request, uv_getaddrinfo_cb answer,
                        const char* host, const char*, const addrinfo*) {
  if (current->refusal != 0) return current->refusal;
  current->questions_.push_back({host, request, answer});
  return 0;
}

std::vector<std::string> ResolverByHand::hosts() const {
  std::vector<std::string> hosts;
  for (const Question& question : questions_) hosts.push_back(question.host);
  return hosts;
}

void ResolverByHand::answer(std::size_t number, const std::vector<std::string>& addresses) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* all = nullptr;
  addrinfo** end = &all;
  for (const std::string& address : addresses) {
    if (getaddrinfo(address.c_str(), nullptr, &hints, end) != 0)
      throw std::invalid_argument(address);
    end = &(*end)->ai_next;
  }
  Question& question = questions_.at(number);
  question.answer(std::exchange(question.request, nullptr), 0, all);
}

void ResolverByHand::fail(std::size_t number, int code) {
  Question& question = questions_.at(number);
  question.answer(std::exchange(question.request, nullptr), code, nullptr);
}

}  // namespace headrace::test
