#include <headrace/headrace.hpp>
#include <iostream>

int main(int, char** arguments) {
  headrace::Engine cloud({.base_url = arguments[1], .connections_max = 5, .pipeline_depth = 5});
  std::vector<headrace::Request> requests;
  for (int i = 0; i < 300; ++i) requests.push_back({.url = "/vms/" + std::to_string(i)});
  for (auto& [index, result] : headrace::as_completed(cloud.submit_all(std::move(requests))))
    std::cout << index << ": "
              << (result ? std::to_string(result->status) : to_string(result.error())) << '\n';
}
