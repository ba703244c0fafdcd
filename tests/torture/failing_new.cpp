#include "tests/torture/failing_new.hpp"

#include "tests/support/every_new.hpp"

namespace headrace::test {
namespace {

thread_local std::size_t left = 0;  // until the one that fails; 0 when there is none

}  // namespace

bool may_allocate() noexcept { return left == 0 || --left > 0; }

FailingNew::FailingNew(std::size_t nth) noexcept { left = nth; }
FailingNew::~FailingNew() { left = 0; }
bool FailingNew::reached() const noexcept { return left == 0; }

}  // namespace headrace::test
