#include "mailbox.hpp"

#include <nanobind/nanobind.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace headrace::python {
namespace {

class Sender final : public Subscriber {
 public:
  Sender(std::shared_ptr<Mailbox> mailbox, PyObject* receiver)
      : mailbox_(std::move(mailbox)), receiver_(receiver) {}

  void on_complete(const std::shared_ptr<Call>& call) noexcept override {
    mailbox_->post({std::exchange(receiver_, nullptr), call});
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  PyObject* receiver_;
};

}  // namespace

Mailbox::Mailbox() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

// Letters that nobody came for, because their loop ended first; their receivers hold it. This can
// be a thread without the GIL that completes the last call, or after the end of the interpreter.
Mailbox::~Mailbox() {
  close(descriptor_);
  if (letters_.empty() || Py_IsInitialized() == 0) return;
  const nanobind::gil_scoped_acquire locked;
  for (const Letter& letter : letters_) Py_DECREF(letter.receiver);
}

std::unique_ptr<Subscriber> Mailbox::subscriber(PyObject* receiver) {
  Py_INCREF(receiver);
  return std::make_unique<Sender>(shared_from_this(), receiver);
}

void Mailbox::post(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    letters_.push_back(std::move(letter));
    if (letters_.size() > 1 || until_rung_) return;
    until_rung_ = shared_from_this();
  }
  if (!detail::Batch::call_after(*this)) after_batch();
}

// Whoever is woken need not wait for the lock. Writing can fail for no reason but a full counter,
// and then it is readable all the same.
void Mailbox::after_batch() noexcept {
  std::shared_ptr<Mailbox> self;
  {
    const std::lock_guard lock(mutex_);
    self = std::exchange(until_rung_, nullptr);
    if (letters_.empty()) return;  // taken with those before
  }
  [[maybe_unused]] const auto written = eventfd_write(descriptor_, 1);
}

std::vector<Mailbox::Letter> Mailbox::take() {
  started_before_ = std::exchange(started_, 0);
  const std::lock_guard lock(mutex_);
  eventfd_t count = 0;
  [[maybe_unused]] const auto read = eventfd_read(descriptor_, &count);
  return std::exchange(letters_, {});
}

// A task that asks for one thing after the other need not wait for the end of its turn.
bool Mailbox::starts_one_of_many() { return started_++ > 0 || started_before_ > 1; }

bool Mailbox::has_enqueued(const std::shared_ptr<Engine>& engine) {
  const auto same = [&](const std::weak_ptr<Engine>& other) {
    return !other.owner_before(engine) && !engine.owner_before(other);
  };
  if (std::ranges::none_of(unflushed_, same)) unflushed_.push_back(engine);
  return !flush_scheduled_;
}

// Without the GIL, for whoever holds an engine last waits for threads that may need it.
void Mailbox::flush() {
  flush_scheduled_ = false;
  const std::vector<std::weak_ptr<Engine>> engines = std::exchange(unflushed_, {});
  const nanobind::gil_scoped_release unlocked;
  for (const auto& unflushed : engines)
    if (const auto engine = unflushed.lock()) engine->flush();
}

}  // namespace headrace::python
