#include "tests/support/apache.hpp"

#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace headrace::test {
namespace {

// Where the distribution keeps them: Debian's and Ubuntu's folder, Fedora's, Alpine's.
std::string modules_folder() {
  for (const char* folder :
       {"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/apache2"})
    if (::access((std::string(folder) + "/mod_mpm_event.so").c_str(), R_OK) == 0) return folder;
  throw std::runtime_error("Apache's mod_mpm_event.so is in none of the known folders");
}

std::string load_modules() {
  std::string text;
  for (const char* name :
       {"mpm_event", "authz_core", "dir", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl"})
    text += "LoadModule " + std::string(name) + "_module " + modules_folder() + "/mod_" + name +
            ".so\n";
  // Root's rights are given up for these, where there are any to give up.
  if (::getuid() == 0) text += "User nobody\nGroup nogroup\n";
  return text;
}

constexpr const char* configuration = R"(
@modules@
ServerName localhost
ServerRoot @folder@
DefaultRuntimeDir @folder@
PidFile @folder@/pid
Mutex file:@folder@
ErrorLog /dev/stderr
LogFormat "%{remote}p %>s %m %U %{SSL_SESSION_RESUMED}x" plain
CustomLog @folder@/access.log plain
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests @keepalive_requests_max@
StartServers 1
DocumentRoot @files@
Header always set X-Generation @generation@
ProxyPass /app/ http://127.0.0.1:@application@/app/
Listen 127.0.0.1:@port@
Listen 127.0.0.1:@secure_port@ https
SSLSessionCache shmcb:@folder@/sessions(65536)
<VirtualHost 127.0.0.1:@secure_port@>
  SSLEngine on
  SSLCertificateFile @chain@
  SSLCertificateKeyFile @key@
  ProxyPass /app/ http://127.0.0.1:@application@/app/
</VirtualHost>
<Location />
  Require all granted
</Location>
)";

}  // namespace

Apache::Apache(const Settings& settings)
    : WebServer("apache2", {.end = SIGWINCH, .reload = SIGUSR1}) {
  start({"-f", "@configuration@", "-DFOREGROUND"}, configuration,
        {{"modules", load_modules()},
         {"keepalive_requests_max", std::to_string(settings.keepalive_requests_max)},
         {"application", std::to_string(settings.application)}});
}

}  // namespace headrace::test
