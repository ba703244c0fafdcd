#pragma once

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "bench/common/client.hpp"

namespace headrace::bench {

inline void check(CURLcode code, const char* what) {
  if (code != CURLE_OK)
    throw std::runtime_error(std::string(what) + ": " + curl_easy_strerror(code));
}

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// One GET, over and over. It keeps its answer in a string, as most users of libcurl do.
class CurlHandle {
 public:
  explicit CurlHandle(const Arguments& arguments) : handle_(curl_easy_init()) {
    set(CURLOPT_URL, arguments.target.url.c_str());
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_WRITEDATA, &body_);
    set(CURLOPT_WRITEFUNCTION, &append);
    if (!arguments.ca_file.empty()) set(CURLOPT_CAINFO, arguments.ca_file.c_str());
  }

  CURL* get() const { return handle_.get(); }

  // After a transfer: what came of it. Then it may be used again.
  void finish(CURLcode code, Tally& tally) {
    long status = 0;
    curl_easy_getinfo(get(), CURLINFO_RESPONSE_CODE, &status);
    const bool good = code == CURLE_OK && status == 200;
    ++(good ? tally.answered : tally.failed);
    if (good) tally.body_bytes += body_.size();
    body_.clear();
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    check(curl_easy_setopt(get(), option, value), "curl_easy_setopt");
  }

  static std::size_t append(char* bytes, std::size_t one, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(bytes, one * count);
    return one * count;
  }

  std::unique_ptr<CURL, FreeHandle> handle_;
  std::string body_ = {};
};

inline std::string curl_version_number() { return curl_version_info(CURLVERSION_NOW)->version; }

}  // namespace headrace::bench
