/* Sixteen threads share an engine: threads URL COUNT gets URL/NUMBER in each of them COUNT times,
 * and expects to be answered what a server says that answers each request with its own path. */

#include <headrace/headrace.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { threads_count = 16, path_bytes = 32 };

typedef struct worker {
  pthread_t thread;
  hr_engine* engine;
  int number;
  long rounds;
  long right;
} worker;

static int is_own_answer(hr_future* call, const char* path) {
  const hr_response* response = hr_future_response(call);
  if (response == NULL) {
    fprintf(stderr, "%s: %s\n", path, hr_future_error(call)->text.data);
    return 0;
  }
  return response->body.size == strlen(path) &&
         memcmp(response->body.data, path, response->body.size) == 0;
}

static void* work(void* context) {
  worker* self = context;
  char path[path_bytes];
  for (long round = 0; round < self->rounds; ++round) {
    snprintf(path, path_bytes, "/%d-%ld", self->number, round);
    const hr_request request = {.struct_size = sizeof request, .url = hr_str_from(path)};
    hr_future* call = hr_engine_submit(self->engine, &request);
    /* A future is waited for by one thread. Whichever that is runs the engine's loop meanwhile. */
    if (hr_future_wait(call, HR_NONE) == HR_WAIT_READY) self->right += is_own_answer(call, path);
    hr_future_free(call);
  }
  return NULL;
}

static int run(hr_engine* engine, long rounds) {
  worker workers[threads_count];
  long right = 0;
  int started = 0;
  for (; started < threads_count; ++started) {
    workers[started] = (worker){.engine = engine, .number = started, .rounds = rounds};
    if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) break;
  }
  for (int i = 0; i < started; ++i) {
    pthread_join(workers[i].thread, NULL);
    right += workers[i].right;
  }
  printf("%ld of %ld right\n", right, threads_count * rounds);
  return right == threads_count * rounds ? 0 : 1;
}

int main(int count, char** arguments) {
  const long rounds = count == 3 ? strtol(arguments[2], NULL, 10) : 0;
  if (rounds <= 0) {
    fputs("usage: threads URL COUNT\n", stderr);
    return 2;
  }
  const hr_options options = {.struct_size = sizeof options, .base_url = hr_str_from(arguments[1])};
  hr_error* error = NULL;
  hr_engine* engine = hr_engine_create(&options, &error);
  if (engine == NULL) {
    fprintf(stderr, "threads: %s\n", error->text.data);
    hr_error_free(error);
    return 1;
  }
  const int status = run(engine, rounds);
  char* stats = hr_engine_stats(engine);
  if (stats != NULL) fprintf(stderr, "%s\n", stats);
  hr_text_free(stats);
  hr_engine_free(engine);
  return status;
}
