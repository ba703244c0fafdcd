#include <headrace/headrace.hpp>
#include <iostream>

int main(int, char** arguments) {
  headrace::Engine engine;
  headrace::ResponseStream image = engine.stream({.url = arguments[1]}).get();
  const headrace::BodySource body{.next = [&] { return image.read(); }};
  std::cout
      << engine.submit({.method = "PUT", .url = arguments[2], .body_source = body}).get().status
      << '\n';
}
