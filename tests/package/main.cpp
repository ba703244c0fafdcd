// What a project that uses headrace looks like at its smallest.

#include <headrace/engine.hpp>

#include <cstdio>

int main() {
  headrace::Engine engine;
  const auto answer = engine.get("not a url").wait();
  if (answer || answer.error().code != headrace::ErrorCode::invalid_argument) return 1;
  std::puts("refused as it should be");
}
