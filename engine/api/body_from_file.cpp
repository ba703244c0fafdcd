#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "headrace/future.hpp"
#include "headrace/request.hpp"

namespace headrace {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

std::unexpected<Error> failure(const char* what, const std::string& path, int code) {
  return std::unexpected(
      Error{.code = ErrorCode::invalid_argument,
            .safe_to_repeat = true,
            .system_code = code,
            .detail = std::string(what) + path + ": " + std::generic_category().message(code)});
}

Result<std::string> next_piece(std::FILE& file, const std::string& path) {
  std::string piece(piece_bytes, '\0');
  piece.resize(std::fread(piece.data(), 1, piece.size(), &file));
  if (piece.empty() && std::ferror(&file) != 0) return failure("cannot read ", path, errno);
  return piece;
}

}  // namespace

Result<BodySource> body_from_file(const std::string& path) {
  const std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "rbe"), [](std::FILE* open) {
    return open ? std::fclose(open) : 0;
  });
  struct stat facts{};
  if (!file || fstat(fileno(file.get()), &facts) != 0) return failure("cannot open ", path, errno);
  if (S_ISDIR(facts.st_mode)) return failure("cannot read ", path, EISDIR);
  BodySource source;
  source.next = [file, path] { return Future<std::string>(next_piece(*file, path)); };
  if (S_ISREG(facts.st_mode)) source.length = static_cast<std::uint64_t>(facts.st_size);
  return source;
}

}  // namespace headrace
