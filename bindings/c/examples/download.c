/* An answer of any size, to standard output as it comes: download URL. */

#include <headrace/headrace.h>
#include <stdio.h>

static int say(const hr_error* error) {
  fprintf(stderr, "download: %s\n", error->text.data);
  return 1;
}

/* While this writes, the server is kept waiting: half a megabyte at most is held. */
static int write_body(hr_future* head) {
  size_t bytes = 0;
  for (;;) {
    hr_future* read = hr_future_read(head, false, NULL);
    if (hr_future_wait(read, HR_NONE) != HR_WAIT_READY) return 1; /* no memory */
    const hr_response* piece = hr_future_response(read);
    const bool over = piece == NULL || piece->body.size == 0;
    if (piece == NULL) say(hr_future_error(read));
    if (piece != NULL && over)
      fprintf(stderr, "%d, %zu bytes\n", (int)hr_future_response(head)->status, bytes);
    for (size_t i = 0; piece != NULL && i < piece->trailers_count; ++i) {
      const hr_field field = hr_response_trailer(piece, i);
      fprintf(stderr, "%.*s: %.*s\n", (int)field.name.size, field.name.data, (int)field.value.size,
              field.value.data);
    }
    bool written = true;
    if (!over) {
      bytes += piece->body.size;
      written = fwrite(piece->body.data, 1, piece->body.size, stdout) == piece->body.size;
    }
    const int status = piece == NULL || !written;
    hr_future_free(read);
    if (over || !written) return status;
  }
}

int main(int count, char** arguments) {
  if (count != 2) {
    fputs("usage: download URL\n", stderr);
    return 2;
  }
  hr_error* error = NULL;
  hr_engine* engine = hr_engine_create(NULL, &error);
  if (engine == NULL) {
    const int status = say(error);
    hr_error_free(error);
    return status;
  }

  const hr_request request = {
      .struct_size = sizeof request, .url = hr_str_from(arguments[1]), .streamed = 1};
  hr_future* head = hr_engine_submit(engine, &request);
  int status = 1;
  if (head == NULL)
    fputs("download: no memory\n", stderr);
  else if (hr_future_wait(head, HR_NONE) == HR_WAIT_READY)
    status = hr_future_error(head) != NULL ? say(hr_future_error(head)) : write_body(head);
  hr_future_free(head);
  hr_engine_free(engine);
  return status;
}
