#pragma once

#include <atomic>

#include "bindings/c/future.hpp"
#include "headrace/engine.hpp"
#include "headrace/headrace.h"

// An engine with the queue of its announced futures. The engine goes first, and completes them.
struct hr_engine {
 public:
  explicit hr_engine(headrace::Engine&& made)
      : queue_(new headrace::c::ReadyQueue), engine(std::move(made)) {}
  ~hr_engine();
  hr_engine(const hr_engine&) = delete;
  hr_engine& operator=(const hr_engine&) = delete;

  // In a forked child another one than in the parent.
  hr_future::Queue queue();

 private:
  std::atomic<headrace::c::ReadyQueue*> queue_;  // a reference

 public:
  headrace::Engine engine;
};
