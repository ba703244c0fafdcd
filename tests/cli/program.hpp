#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bindings/inventory/json.hpp"
#include "tests/support/process.hpp"

namespace headrace::test {

// Runs the built program to its end, by no proxy but one that the environment given names.
Finished headrace_program(const std::vector<std::string>& arguments, std::string_view input = {},
                          std::map<std::string, std::string> environment = {});

// Reads each line of a program's output as a JSON object; throws when one is none.
std::vector<json::Value> objects(std::string_view output);

// A member of an object; throws when there is none.
const json::Value& member(const json::Value& object, std::string_view key);
const std::string& text(const json::Value& object, std::string_view key);

// The answer to the line with this id; throws when there is none.
const json::Value& with_id(const std::vector<json::Value>& answers, std::string_view id);

// The code of an answer's error; empty when it has none.
std::string code(const json::Value& answer);

}  // namespace headrace::test
