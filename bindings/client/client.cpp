#include "headrace/client.hpp"

#include <utility>

#include "bindings/client/call.hpp"
#include "bindings/client/core.hpp"

namespace headrace {
namespace {

client::Settings settings_of(ClientOptions options) {
  auto settings = client::read_settings(std::move(options));
  if (!settings) throw Exception(std::move(settings.error()));
  return *std::move(settings);
}

Future<ClientResponse> failed(Error error) {
  return Future<ClientResponse>(Result<ClientResponse>(std::unexpected(std::move(error))));
}

}  // namespace

Client::Client(ClientOptions options) {
  client::Settings settings = settings_of(std::move(options));
  auto engine = std::make_shared<Engine>(settings.options.engine);
  core_ = std::make_shared<Core>(std::move(settings), std::move(engine), true);
}

Client::Client(std::shared_ptr<Engine> engine, ClientOptions options) {
  if (!engine) throw Exception(client::refused("a client needs an engine, not null").error());
  core_ = std::make_shared<Core>(settings_of(std::move(options)), std::move(engine), false);
}

// In a forked child threads are missing that hold the core's locks and should end: it stays.
Client::~Client() {
  if (!core_) return;
  if (!core_->made_before_fork()) {
    core_->close();
    return;
  }
  [[maybe_unused]] auto* const left =
      std::make_unique<std::shared_ptr<Core>>(std::move(core_)).release();
}

Client::Client(Client&&) noexcept = default;

Client& Client::operator=(Client&& other) noexcept {
  const Client old(std::move(*this));
  core_ = std::move(other.core_);
  return *this;
}

Future<ClientResponse> Client::submit(Request request) {
  if (core_->made_before_fork())
    return failed({.code = ErrorCode::forked,
                   .safe_to_repeat = true,
                   .detail = "the client was made before the process was forked: make another"});
  auto* call = new Call(core_, std::move(request));
  Future<ClientResponse> future(detail::Ref<detail::State<ClientResponse>>::adopt(call));
  call->start();
  return future;
}

std::vector<Future<ClientResponse>> Client::submit_all(std::vector<Request> requests) {
  std::vector<Future<ClientResponse>> calls;
  calls.reserve(requests.size());
  for (Request& request : requests) calls.push_back(submit(std::move(request)));
  return calls;
}

Future<ClientResponse> Client::get(std::string_view url, Headers headers) {
  return submit({.url = std::string(url), .headers = std::move(headers)});
}

void Client::clear_cookies() { core_->cookies().clear(); }

Engine& Client::engine() const noexcept { return core_->engine(); }

}  // namespace headrace
