#include "tests/core/transcript_request.hpp"

#include <stdexcept>

#include "headrace/future.hpp"
#include "tests/core/transcript_words.hpp"

namespace headrace::test {

SubmittedRequest read_submit(const std::vector<std::string>& words) {
  SubmittedRequest read{.request = {.method = words.at(2), .url = words.at(3)}};
  Request& request = read.request;
  for (std::size_t i = 4; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "bulk") {
      request.bulk = true;
    } else if (word == "repeat=allowed") {
      request.repeat = Repeat::allowed;
    } else if (word == "repeat=forbidden") {
      request.repeat = Repeat::forbidden;
    } else if (word.starts_with("body=")) {
      request.body.assign(std::stoul(value_of(word, "body=")), 'x');
    } else if (word.starts_with("verify=")) {
      read.verify = [body = value_of(word, "verify=")](const Response& answer) {
        return answer.body == body;
      };
    } else if (word.starts_with("source=")) {
      request.body_source.emplace().next = [] { return Future<std::string>(); };
      if (word != "source=chunked")
        request.body_source->length = std::stoul(value_of(word, "source="));
    } else if (word == "streamed") {
      read.streamed = true;
    } else if (word.starts_with("timeout=")) {
      read.timeout = duration_of(value_of(word, "timeout="));
    } else if (word.starts_with("header=")) {
      const std::string field = value_of(word, "header=");
      const std::size_t colon = field.find(':');
      request.headers.append(field.substr(0, colon), field.substr(colon + 1));
    } else {
      throw std::runtime_error("unknown word: " + word);
    }
  }
  return read;
}

}  // namespace headrace::test
