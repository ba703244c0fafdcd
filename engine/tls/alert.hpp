#pragma once

namespace headrace::tls {

// Whether OpenSSL's packed error is an alert by which a server may say that it does not like the
// client's certificate, or the lack of one (RFC 8446 §6.2).
bool is_alert_about_certificate(unsigned long code) noexcept;

}  // namespace headrace::tls
