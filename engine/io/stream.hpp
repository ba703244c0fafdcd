#pragma once

#include <memory>
#include <span>

#include "engine/base/bytes.hpp"

namespace headrace::io {

class Stream;

// Letting go of a stream closes it: nothing is reported any more.
struct StreamClosed {
  void operator()(Stream* stream) const noexcept;
};
using StreamPointer = std::unique_ptr<Stream, StreamClosed>;

// A connected stream of bytes: a socket, or TLS over one that is the proxy's and not the origin's.
// Callbacks go to whoever reads; every one of them may let go of the stream.
class Stream {
 public:
  class Events {
   public:
    virtual void on_bytes(Bytes bytes) = 0;      // valid during the call
    virtual void on_end(int code) = 0;           // UV_EOF or an error; nothing is read after it
    virtual void on_byte_written(int code) = 0;  // of write_byte: 0 or libuv's

   protected:
    ~Events() = default;
  };

  // Reports to these from now on, until the end: whoever was reported to before is not any more.
  // A socket reads into the buffer; what stands on one has its own. 0, or libuv's code.
  virtual int start_reading(Events& events, std::span<char> buffer) = 0;

  // Until read_on(). What has been read of the kernel already is reported all the same.
  virtual void stop_reading() noexcept = 0;
  virtual int read_on() = 0;  // 0, or libuv's code

  // What was not reported yet, if it can be read past that: how many bytes, 0 when there are none
  // now, or libuv's code of what broke, which is not reported again. The end of the stream is.
  virtual int try_read(std::span<char> into) noexcept = 0;

  // How many bytes were taken, 0 when there is no room, or libuv's code.
  virtual int try_write(Bytes bytes) = 0;

  // Waits for room and writes one byte, which on_byte_written reports, never before this returns.
  // The rest then goes by try_write.
  virtual int write_byte(char byte) = 0;

  // Between write_byte and its report nothing else may be written.
  virtual bool waiting() const noexcept = 0;

  // That byte was taken although on_byte_written has not come yet.
  virtual bool byte_taken() const noexcept = 0;

 protected:
  ~Stream() = default;

 private:
  friend struct StreamClosed;
  virtual void close() noexcept = 0;
};

inline void StreamClosed::operator()(Stream* stream) const noexcept { stream->close(); }

}  // namespace headrace::io
