/* What a project in C that uses headrace looks like at its smallest. */

#include <headrace/headrace.h>
#include <stdio.h>

int main(void) {
  const hr_request request = {.struct_size = sizeof request, .url = hr_str_from("not a url")};
  hr_engine* engine = hr_engine_create(NULL, NULL);
  hr_future* call = hr_engine_submit(engine, &request);
  const hr_error* error = hr_future_error(call);
  const int refused = error != NULL && error->code == HR_INVALID_ARGUMENT;
  hr_future_free(call);
  hr_engine_free(engine);
  if (refused) puts("refused as it should be");
  return !refused;
}
