#pragma once

#include <uv.h>

#include <string>
#include <vector>

namespace headrace::test {

// Takes questions in place of uv_getaddrinfo, and answers when the test says so. One at a time.
class ResolverByHand {
 public:
  ResolverByHand();
  ~ResolverByHand();  // the unanswered fail
  ResolverByHand(const ResolverByHand&) = delete;
  ResolverByHand& operator=(const ResolverByHand&) = delete;

  // For io::Resolver.
  static int ask(uv_loop_t* loop, uv_getaddrinfo_t* request, uv_getaddrinfo_cb answer,
                 const char* host, const char* service, const addrinfo* hints);

  // The hosts of all questions so far.
  std::vector<std::string> hosts() const;

  // Answers the question of that number, counted from 0, with IP addresses or a code.
  void answer(std::size_t number, const std::vector<std::string>& addresses);
  void fail(std::size_t number, int code);

  int refusal = 0;  // what the next questions are refused with

 private:
  struct Question {
    std::string host;
    uv_getaddrinfo_t* request;  // null once answered
    uv_getaddrinfo_cb answer;
  };

  static ResolverByHand* current;
  std::vector<Question> questions_;
};

}  // namespace headrace::test
