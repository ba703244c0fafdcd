/* Many requests in a program that has a loop of its own: inventory URL COUNT gets URL/0 to
 * URL/(COUNT-1) over five pipelined connections, and sleeps in poll() meanwhile. */

#include <headrace/headrace.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { batch_max = 64, path_bytes = 32 };

typedef struct machine {
  char path[path_bytes];
  int status; /* 0: no answer */
  size_t bytes;
} machine;

static int submit(hr_engine* engine, machine* machines, size_t count) {
  hr_request* requests = calloc(count, sizeof *requests);
  hr_future** futures = calloc(count, sizeof *futures);
  int submitted = 0;
  if (requests != NULL && futures != NULL) {
    for (size_t i = 0; i < count; ++i) {
      snprintf(machines[i].path, path_bytes, "/%zu", i);
      requests[i].struct_size = sizeof requests[i];
      requests[i].url = hr_str_from(machines[i].path);
      requests[i].announce = 1;
      requests[i].user_data = &machines[i];
    }
    submitted = hr_engine_submit_all(engine, requests, count, futures);
  }
  /* The futures themselves come back by hr_engine_take_ready. */
  free(futures);
  free(requests);
  return submitted;
}

static void store(hr_future* call) {
  machine* one = hr_future_user_data(call);
  const hr_response* response = hr_future_response(call);
  if (response != NULL) {
    one->status = (int)response->status;
    one->bytes = response->body.size;
  } else {
    fprintf(stderr, "%s: %s\n", one->path, hr_future_error(call)->text.data);
  }
  hr_future_free(call);
}

/* The program's own descriptors would stand beside the engine's. */
static int collect(hr_engine* engine, size_t count) {
  struct pollfd watched = {.fd = hr_engine_ready_fd(engine), .events = POLLIN};
  if (watched.fd < 0) return 0;
  while (count > 0) {
    if (poll(&watched, 1, -1) < 0) return 0;
    hr_future* ready[batch_max];
    const size_t taken = hr_engine_take_ready(engine, ready, batch_max);
    for (size_t i = 0; i < taken; ++i) store(ready[i]);
    count -= taken;
  }
  return 1;
}

static int report(const machine* machines, size_t count) {
  size_t answered = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    answered += machines[i].status == 200;
    bytes += machines[i].bytes;
  }
  printf("%zu of %zu answered, %zu bytes\n", answered, count, bytes);
  return answered == count ? 0 : 1;
}

int main(int count, char** arguments) {
  const size_t wanted = count == 3 ? strtoul(arguments[2], NULL, 10) : 0;
  if (wanted == 0) {
    fputs("usage: inventory URL COUNT\n", stderr);
    return 2;
  }
  const hr_options options = {.struct_size = sizeof options,
                              .base_url = hr_str_from(arguments[1]),
                              .connections_max = 5,
                              .pipeline_depth = 5};
  hr_error* error = NULL;
  hr_engine* engine = hr_engine_create(&options, &error);
  if (engine == NULL) {
    fprintf(stderr, "inventory: %s\n", error->text.data);
    hr_error_free(error);
    return 1;
  }
  machine* machines = calloc(wanted, sizeof *machines);
  int status = 1;
  if (machines != NULL && submit(engine, machines, wanted) && collect(engine, wanted))
    status = report(machines, wanted);
  else
    fputs("inventory: no memory, or no descriptor\n", stderr);
  hr_engine_free(engine);
  free(machines);
  return status;
}
