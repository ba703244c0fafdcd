// headrace._native.Engine: what the clients own.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "bindings/common/body_pieces.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "mailbox.hpp"
#include "options.hpp"
#include "text.hpp"
#include "upload.hpp"

namespace headrace::python {
namespace nb = nanobind;
using nb::literals::operator""_a;
namespace {

Request request_of(nb::handle method, nb::handle url, const nb::list& headers, nb::handle body,
                   std::optional<double> timeout, int repeat) {
  Request request{.method = to_bytes(method), .url = to_bytes(url)};
  for (const nb::handle field : headers)
    request.headers.append(to_bytes(field[0]), to_bytes(field[1]));
  if (PyBytes_Check(body.ptr()))
    request.body = to_bytes(body);
  else if (!body.is_none())
    request.body_source = nb::cast<std::shared_ptr<Upload>>(body)->source();
  if (timeout) request.timeout = std::chrono::milliseconds(std::llround(*timeout * 1000));
  request.repeat = static_cast<Repeat>(repeat);
  return request;
}

// Waits for the engine's threads, and their callbacks may need the GIL meanwhile.
class PyEngine {
 public:
  explicit PyEngine(const nb::dict& options) {
    Result<Engine> engine = Engine::create(options_of(options));
    if (!engine) raise(engine.error());
    engine_ = std::make_shared<Engine>(*std::move(engine));
  }
  ~PyEngine() {
    const nb::gil_scoped_release unlocked;
    engine_.reset();
  }
  PyEngine(const PyEngine&) = delete;
  PyEngine& operator=(const PyEngine&) = delete;

  std::shared_ptr<Call> submit(nb::handle method, nb::handle url, const nb::list& headers,
                               nb::handle body, std::optional<double> timeout, int repeat) {
    return std::make_shared<Call>(
        engine_->submit(request_of(method, url, headers, body, timeout, repeat)));
  }

  std::pair<std::shared_ptr<Call>, std::shared_ptr<BodyPieces>> stream(
      nb::handle method, nb::handle url, const nb::list& headers, nb::handle body,
      std::optional<double> timeout, int repeat) {
    auto [head, pieces] =
        BodyPieces::open(engine_->stream(request_of(method, url, headers, body, timeout, repeat)));
    return {std::make_shared<Call>(std::move(head)), std::move(pieces)};
  }

  // Where the second is true a flush of the mailbox is to be scheduled.
  std::pair<std::shared_ptr<Call>, bool> enqueue(const std::shared_ptr<Mailbox>& mailbox,
                                                 nb::handle receiver, nb::handle method,
                                                 nb::handle url, const nb::list& headers,
                                                 nb::handle body, std::optional<double> timeout,
                                                 int repeat) {
    const Request request = request_of(method, url, headers, body, timeout, repeat);
    const bool later = mailbox->starts_one_of_many();
    auto call =
        std::make_shared<Call>(later ? engine_->enqueue(request) : engine_->submit(request));
    call->subscribe(mailbox->subscriber(receiver.ptr()));
    return {std::move(call), later && mailbox->has_enqueued(engine_)};
  }

  void shut_down(double grace) {
    const nb::gil_scoped_release unlocked;
    engine_->shut_down(std::chrono::milliseconds(std::llround(grace * 1000)));
  }

  std::string profiles() const {
    const nb::gil_scoped_release unlocked;
    return engine_->profiles();
  }

 private:
  std::shared_ptr<Engine> engine_;
};

}  // namespace

void define_engine(nb::module_& m) {
  nb::class_<PyEngine>(m, "Engine")
      .def(nb::init<const nb::dict&>())
      .def("submit", &PyEngine::submit, "method"_a, "url"_a, "headers"_a, "body"_a.none(),
           "timeout"_a.none(), "repeat"_a)
      .def("enqueue", &PyEngine::enqueue, "mailbox"_a, "receiver"_a, "method"_a, "url"_a,
           "headers"_a, "body"_a.none(), "timeout"_a.none(), "repeat"_a)
      .def("stream", &PyEngine::stream, "method"_a, "url"_a, "headers"_a, "body"_a.none(),
           "timeout"_a.none(), "repeat"_a)
      .def("shut_down", &PyEngine::shut_down)
      .def("profiles", &PyEngine::profiles);
}

}  // namespace headrace::python
