// The options that are arrays of structs.

#include "bindings/c/options.hpp"

namespace headrace::c {
namespace {

// Which C has no optional for.
constexpr std::string_view no_proxy_at_all = "direct://";

OriginOptions origin_of(const hr_origin_options& given, Reader& reader) {
  OriginOptions origin;
  origin.origin = reader.text("origin", given.origin);
  origin.server_name = reader.text("server_name", given.server_name);
  if (given.pipelining != HR_PIPELINING_DEFAULT)
    read_pipelining(reader, given.pipelining, origin.pipelining.emplace());
  if (given.requests_per_second != 0)
    read_rate(reader, given.requests_per_second, origin.requests_per_second.emplace());
  if (given.in_flight_max != 0)
    reader.number("in_flight_max", given.in_flight_max, origin.in_flight_max.emplace());
  if (given.tls != nullptr) origin.tls = tls_options_of(given.tls, reader);
  origin.unix_socket = reader.text("unix_socket", given.unix_socket);
  if (const std::string_view proxy = view_of(given.proxy); proxy == no_proxy_at_all)
    origin.proxy.emplace();
  else if (!proxy.empty())
    read_proxy(reader, "hr_origin_options.", "proxy", given.proxy, origin.proxy.emplace());
  reader.unused("reserved", given.reserved);
  return origin;
}

HostAddresses entry_of(const hr_host_addresses& given, Reader& reader) {
  HostAddresses made;
  made.host = reader.text("host", given.host);
  reader.number("port", given.port, made.port);
  if (given.addresses == nullptr && given.addresses_count > 0)
    reader.refuse("addresses", "null with a count", "null of none");
  else
    for (std::size_t i = 0; i < given.addresses_count; ++i)
      made.addresses.push_back(reader.text("addresses", given.addresses[i]));
  return made;
}

// Each element of an array of structs, by `make(struct, Reader&)`.
template <class Made, class T, class Make>
std::vector<Made> read_structs(Reader& reader, const std::string& member, const std::string& type,
                               const T* given, std::size_t count, Make make) {
  std::vector<Made> all;
  if (count == 0) return all;
  if (given == nullptr) {
    reader.refuse(member, "null with a count", "null of none");
    return all;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const T* const one = element(given, i);
    if (one->struct_size != given->struct_size) {
      reader.refuse(invalid("hr_options." + member + "[" + std::to_string(i) +
                            "].struct_size is another than that of the first: an array has one"));
      return all;
    }
    std::optional<Error> refusal;
    const T read = read_struct(type, one, refusal);
    const bool refused = refusal.has_value();
    reader.refuse(std::move(refusal));
    if (refused) return all;
    const std::string prefix = type + ".";
    Reader inner(prefix);
    all.push_back(make(read, inner));
    reader.refuse(inner.take_refusal());
  }
  return all;
}

}  // namespace

std::vector<OriginOptions> origins_of(const hr_options& given, Reader& reader) {
  return read_structs<OriginOptions>(reader, "origins", "hr_origin_options", given.origins,
                                     given.origins_count, origin_of);
}

std::vector<HostAddresses> host_addresses_of(const hr_options& given, Reader& reader) {
  return read_structs<HostAddresses>(reader, "host_addresses", "hr_host_addresses",
                                     given.host_addresses, given.host_addresses_count, entry_of);
}

}  // namespace headrace::c
