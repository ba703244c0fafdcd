/* An answer of any size, to standard output as it comes: download URL. */

#include <headrace/headrace.h>
#include <stdio.h>

static int say(const hr_error* error) {
  fprintf(stderr, "download: %s\n", error->text.data);
  return 1;
}

static void print_end(const hr_response* head, const hr_response* last, size_t bytes) {
  fprintf(stderr, "%d, %zu bytes\n", (int)head->status, bytes);
  for (size_t i = 0; i < last->trailers_count; ++i) {
    const hr_field field = hr_response_trailer(last, i);
    fprintf(stderr, "%.*s: %.*s\n", (int)field.name.size, field.name.data, (int)field.value.size,
            field.value.data);
  }
}

/* Writes the next piece, and says how large it was: 0 at the end, less than 0 after a failure.
 * While this writes, the server is kept waiting: half a megabyte at most is held. */
static long write_piece(hr_future* head, size_t before) {
  hr_future* read = hr_future_read(head, false, NULL);
  long size = -1;
  if (read == NULL) {
    fputs("download: no memory\n", stderr);
  } else if (hr_future_wait(read, HR_NONE) != HR_WAIT_READY) {
    fputs("download: no memory to wait with\n", stderr);
  } else if (hr_future_error(read) != NULL) {
    say(hr_future_error(read));
  } else {
    const hr_response* piece = hr_future_response(read);
    if (piece->body.size == 0) print_end(hr_future_response(head), piece, before);
    if (fwrite(piece->body.data, 1, piece->body.size, stdout) == piece->body.size)
      size = (long)piece->body.size;
    else
      perror("download");
  }
  hr_future_free(read);
  return size;
}

static int write_body(hr_future* head) {
  size_t bytes = 0;
  for (;;) {
    const long size = write_piece(head, bytes);
    if (size <= 0) return size < 0;
    bytes += (size_t)size;
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
