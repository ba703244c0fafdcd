#include "tests/cli/program.hpp"

#include <stdexcept>

namespace headrace::test {

Finished headrace_program(const std::vector<std::string>& arguments, std::string_view input,
                          std::map<std::string, std::string> environment) {
  std::vector<std::string> all(1, HEADRACE_PROGRAM);
  all.insert(all.end(), arguments.begin(), arguments.end());
  environment.try_emplace("no_proxy", "*");  // what the machine has for proxies is not for tests
  return run({.arguments = std::move(all), .environment = std::move(environment)}, input);
}

std::vector<json::Value> objects(std::string_view output) {
  std::vector<json::Value> made;
  while (!output.empty()) {
    const std::size_t end = output.find('\n');
    if (end == std::string_view::npos) throw std::runtime_error("the output ends within a line");
    auto object = json::parse_object(std::string(output.substr(0, end)));
    if (!object) throw std::runtime_error(object.error());
    made.push_back(std::move(*object));
    output.remove_prefix(end + 1);
  }
  return made;
}

const json::Value& member(const json::Value& object, std::string_view key) {
  for (const auto& [name, value] : object.members)
    if (name == key) return value;
  throw std::runtime_error("there is no member " + std::string(key));
}

const std::string& text(const json::Value& object, std::string_view key) {
  return member(object, key).text;
}

const json::Value& with_id(const std::vector<json::Value>& answers, std::string_view id) {
  for (const json::Value& answer : answers)
    if (member(answer, "id").kind == json::Kind::string && text(answer, "id") == id) return answer;
  throw std::runtime_error("there is no answer to " + std::string(id));
}

std::string code(const json::Value& answer) {
  const json::Value& error = member(answer, "error");
  return error.kind == json::Kind::null ? std::string() : text(error, "code");
}

}  // namespace headrace::test
