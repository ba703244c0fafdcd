#pragma once

#include <Python.h>

#include <memory>
#include <mutex>
#include <vector>

#include "call.hpp"
#include "headrace/headrace.hpp"

namespace headrace::python {

// Where the answers for one event loop of Python's lie until that comes for them. Its descriptor is
// readable when there are any, so that the engine's thread takes no lock of Python's, and a batch
// of answers wakes the loop once.
class Mailbox : public std::enable_shared_from_this<Mailbox>, private detail::AfterBatch {
 public:
  struct Letter {
    PyObject* receiver;  // a reference, which whoever opens the letter drops
    std::shared_ptr<Call> call;
  };

  Mailbox();  // throws std::system_error
  ~Mailbox() override;
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  int descriptor() const noexcept { return descriptor_; }

  // Takes a reference of the receiver, with the GIL.
  std::unique_ptr<Subscriber> subscriber(PyObject* receiver);

  // Of the event loop's thread, as are the next three: that it starts a call. True when more are to
  // be expected before it polls, so that they had better be enqueued.
  bool starts_one_of_many();
  // That it enqueued something in an engine. True when a flush is to be scheduled, which is
  // told here when it has been: an interrupt may come between.
  bool has_enqueued(const std::shared_ptr<Engine>& engine);
  void will_flush() noexcept { flush_scheduled_ = true; }
  void flush();

  // Without or with the GIL.
  void post(Letter letter);
  std::vector<Letter> take();

 private:
  void after_batch() noexcept override;

  int descriptor_;
  std::mutex mutex_;
  std::vector<Letter> letters_;
  std::shared_ptr<Mailbox> until_rung_;  // itself, while it is to ring after a batch
  std::vector<std::weak_ptr<Engine>> unflushed_;
  bool flush_scheduled_ = false;
  std::size_t started_ = 0;         // since the loop last came for answers,
  std::size_t started_before_ = 0;  // and between that and the time before
};

}  // namespace headrace::python
