#include "engine/tls/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/tls/text.hpp"

namespace headrace::tls {
namespace {

// How PEM_read_bio_* say that there is no more: also the first time, when there is none at all.
bool at_end() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

template <class Thing, auto read>
Result<std::vector<Thing>> read_all(PemSource& source, const std::string& kind) {
  std::vector<Thing> things;
  clear_errors();
  while (Thing thing{read(source.text.get(), nullptr, no_passphrase, nullptr)})
    things.push_back(std::move(thing));
  if (!at_end())
    return cannot_use("cannot read " + kind + " " + std::to_string(things.size() + 1) + " of " +
                      source.name);
  if (things.empty()) return cannot_use(source.name + " holds no " + kind + " in PEM");
  clear_errors();
  return things;
}

}  // namespace

std::unexpected<Error> cannot_use(const std::string& what) {
  return std::unexpected(error_from_queue(ErrorCode::tls_failed, Phase::tls, what));
}

int no_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*nothing*/) noexcept {
  return -1;
}

Result<PemSource> open_pem_file(const std::string& what, const std::string& path) {
  clear_errors();
  PemSource source{.name = "the " + what + " \"" + printable(path) + "\"",
                   .text = Bio(BIO_new_file(path.c_str(), "r"))};
  // One can be opened, and OpenSSL finds it to be empty.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return cannot_use(source.name + " is a directory");
  if (!source.text) return cannot_use("cannot read " + source.name);
  return source;
}

Result<PemSource> open_pem_text(const std::string& option, const std::string& text) {
  clear_errors();
  PemSource source{.name = "the option " + option, .text = {}};
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return cannot_use(source.name + " is too long");
  source.text.reset(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!source.text) return cannot_use("cannot read " + source.name);
  return source;
}

Result<std::vector<Certificate>> read_certificates(PemSource& source) {
  return read_all<Certificate, PEM_read_bio_X509_AUX>(source, "certificate");
}

Result<std::vector<RevocationList>> read_revocation_lists(PemSource& source) {
  return read_all<RevocationList, PEM_read_bio_X509_CRL>(source, "revocation list");
}

}  // namespace headrace::tls
