#include "headrace/engine.hpp"

#include <utility>

#include "engine/api/engine_impl.hpp"

namespace headrace {

namespace {

template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw Exception(std::move(result).error());
  return *std::move(result);
}

}  // namespace

Engine::Engine(Options options) : impl_(value_or_throw(Impl::create(std::move(options)))) {}
Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<Engine> Engine::create(Options options) {
  Result<std::unique_ptr<Impl>> impl = Impl::create(std::move(options));
  if (!impl) return std::unexpected(std::move(impl).error());
  return Engine(*std::move(impl));
}

Future<Response> Engine::submit(const Request& request) {
  return impl_->submit(request, Impl::Wakes::at_once);
}

Future<Response> Engine::enqueue(const Request& request) {
  return impl_->submit(request, Impl::Wakes::when_flushed);
}

void Engine::flush() { impl_->flush(); }

std::vector<Future<Response>> Engine::submit_all(const std::vector<Request>& requests) {
  return impl_->submit_all(requests);
}

Future<ResponseStream> Engine::stream(const Request& request) { return impl_->stream(request); }

Future<Response> Engine::get(std::string_view url, Headers headers) {
  return submit({.url = std::string(url), .headers = std::move(headers)});
}

Stats Engine::stats() const { return impl_->stats(); }
std::string Engine::profiles() const { return impl_->profiles(); }

void Engine::shut_down(std::chrono::milliseconds grace) { impl_->shut_down(grace); }

}  // namespace headrace
