/* One request: get URL. */

#include <headrace/headrace.h>
#include <stdio.h>

static int print(hr_future* call) {
  const hr_response* response = hr_future_response(call);
  const hr_error* error = hr_future_error(call);
  if (response == NULL) {
    fprintf(stderr, "get: %s\n", error->text.data);
    if (error->safe_to_repeat) fputs("get: it is safe to repeat\n", stderr);
    return 1;
  }
  for (size_t i = 0; i < response->fields_count; ++i) {
    const hr_field field = hr_response_field(response, i);
    printf("%.*s: %.*s\n", (int)field.name.size, field.name.data, (int)field.value.size,
           field.value.data);
  }
  printf("\n%d, %zu bytes\n", (int)response->status, response->body.size);
  fwrite(response->body.data, 1, response->body.size, stdout);
  return 0;
}

int main(int count, char** arguments) {
  if (count != 2) {
    fputs("usage: get URL\n", stderr);
    return 2;
  }
  const hr_options options = {.struct_size = sizeof options, .timeout_ms = 10000};
  hr_error* error = NULL;
  hr_engine* engine = hr_engine_create(&options, &error);
  if (engine == NULL) {
    fprintf(stderr, "get: %s\n", error->text.data);
    hr_error_free(error);
    return 1;
  }

  const hr_request request = {.struct_size = sizeof request, .url = hr_str_from(arguments[1])};
  hr_future* call = hr_engine_submit(engine, &request);
  int status = 1;
  if (call == NULL)
    fputs("get: no memory\n", stderr);
  else if (hr_future_wait(call, HR_NONE) == HR_WAIT_READY)
    status = print(call);
  hr_future_free(call);
  hr_engine_free(engine);
  return status;
}
