#include "engine/tls/verification.hpp"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string_view>

#include "engine/tls/pem.hpp"
#include "engine/tls/text.hpp"

namespace headrace::tls {
namespace {

constexpr int names_shown_max = 8;

// The octets of an IP literal, empty for a name. An IPv6 zone is no part of the address.
std::string ip_octets(const std::string& host) {
  std::array<char, 16> octets{};
  const std::string address = host.substr(0, host.find('%'));
  if (inet_pton(AF_INET, address.c_str(), octets.data()) == 1) return {octets.data(), 4};
  if (inet_pton(AF_INET6, address.c_str(), octets.data()) == 1) return {octets.data(), 16};
  return {};
}

// What OpenSSL prints into a BIO.
template <class Print>
std::string printed(const Print& print) {
  const Bio text(BIO_new(BIO_s_mem()));
  if (!text) return "?";
  print(text.get());
  const char* bytes = nullptr;
  const long size = BIO_get_mem_data(text.get(), &bytes);
  if (size <= 0) return "empty";
  return printable({bytes, static_cast<std::size_t>(size)});
}

std::string text_of(const X509_NAME* name) {
  return printed([&](BIO* into) { X509_NAME_print_ex(into, name, 0, XN_FLAG_RFC2253); });
}

std::string text_of(const ASN1_TIME* time) {
  return printed([&](BIO* into) { ASN1_TIME_print(into, time); });
}

std::string_view octets_of(const ASN1_STRING* value) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
          static_cast<std::size_t>(ASN1_STRING_length(value))};
}

std::string ip_text(std::string_view octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = octets.size() == 4 ? AF_INET : AF_INET6;
  if (octets.size() != 4 && octets.size() != 16) return "a malformed address";
  inet_ntop(family, octets.data(), text.data(), text.size());
  return text.data();
}

std::string name_text(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) return printable(octets_of(name->d.dNSName), 100);
  if (name->type == GEN_IPADD) return ip_text(octets_of(name->d.iPAddress));
  return {};
}

std::string names_in(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return "no subjectAltName";
  const int count = sk_GENERAL_NAME_num(names.get());
  std::string text;
  for (int i = 0; i < count && i < names_shown_max; ++i) {
    const std::string name = name_text(sk_GENERAL_NAME_value(names.get(), i));
    if (!name.empty()) text += (text.empty() ? "" : ", ") + name;
  }
  if (count > names_shown_max) text += ", ...";
  return text.empty() ? "no name or address" : text;
}

bool is_unknown_authority(int reason) {
  return reason == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         reason == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
         reason == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         reason == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

// What helps whoever has to set it right.
std::string more_about(int reason, const X509* certificate, const std::string& host) {
  switch (reason) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "; wanted " + printable(host, 100) + ", the certificate has " + names_in(certificate);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "; it ended " + text_of(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "; it begins " + text_of(X509_get0_notBefore(certificate));
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return "; the CRL file has no list of " + text_of(X509_get_issuer_name(certificate));
    default:
      break;
  }
  if (!is_unknown_authority(reason)) return {};
  return "; to trust its authority " + text_of(X509_get_issuer_name(certificate)) +
         ", name it in the CA file; where that is there, the server lacks certificates between";
}

}  // namespace

bool expect_name(SSL* ssl, const std::string& host, bool verify) {
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(
      wanted, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (const std::string octets = ip_octets(host); !octets.empty()) {
    if (!verify) return true;
    const auto* bytes = reinterpret_cast<const unsigned char*>(octets.data());
    return X509_VERIFY_PARAM_set1_ip(wanted, bytes, octets.size()) == 1;
  }
  std::string name = host;
  if (name.ends_with('.')) name.pop_back();  // the root's dot is in no certificate and no SNI
  return (!verify || X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size()) == 1) &&
         SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

std::string describe_refusal(X509_STORE_CTX* verification, const std::string& host) {
  const int reason = X509_STORE_CTX_get_error(verification);
  const X509* certificate = X509_STORE_CTX_get_current_cert(verification);
  std::string text = "certificate verify failed: ";
  text += X509_verify_cert_error_string(reason);
  if (certificate == nullptr) return text;
  text += " (subject " + text_of(X509_get_subject_name(certificate));
  return text + more_about(reason, certificate, host) + ")";
}

}  // namespace headrace::tls
