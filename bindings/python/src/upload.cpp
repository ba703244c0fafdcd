#include "upload.hpp"

#include <utility>

namespace headrace::python {

class Upload::Rouser final : public Subscriber {
 public:
  explicit Rouser(std::shared_ptr<Upload> upload) : upload_(std::move(upload)) {}
  void on_complete(const std::shared_ptr<Call>&) noexcept override { upload_->rouse(); }

 private:
  std::shared_ptr<Upload> upload_;
};

// A future that never completes would keep its callbacks for good. The piece is wanted no more: who
// has the last hold on this has given the call up.
Upload::~Upload() {
  rouse();
  give({});
}

BodySource Upload::source() {
  return {.next = [upload = shared_from_this()] { return upload->next(); }, .length = length_};
}

std::shared_ptr<Call> Upload::wanted_or_complete(const std::shared_ptr<Call>& other) {
  rouse();
  detail::Promise<Response> waiter;
  auto word = std::make_shared<Call>(waiter.future());
  bool watched = false;
  {
    const std::lock_guard lock(mutex_);
    waiter_ = std::move(waiter);
    watched = std::exchange(watched_, other).lock() == other;
  }
  if (!watched) other->subscribe(std::make_unique<Rouser>(shared_from_this()));
  if (wanted() || other->ready()) rouse();
  return word;
}

bool Upload::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_.has_value();
}

void Upload::give(std::string piece) {
  std::optional<detail::Promise<std::string>> wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted.swap(wanted_);
  }
  if (wanted) wanted->complete(std::move(piece));
}

// On the loop's thread.
Future<std::string> Upload::next() {
  detail::Promise<std::string> promise;
  Future<std::string> piece = promise.future();
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(promise);
  }
  rouse();
  return piece;
}

void Upload::rouse() {
  std::optional<detail::Promise<Response>> waiter;
  {
    const std::lock_guard lock(mutex_);
    waiter.swap(waiter_);
  }
  if (waiter) waiter->complete(Response{});
}

}  // namespace headrace::python
