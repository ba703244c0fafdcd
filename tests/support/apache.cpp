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
  for (const char* name : {"mpm_event", "authz_core", "dir", "socache_shmcb", "ssl"})
    text += "LoadModule " + std::string(name) + "_module " + modules_folder() + "/mod_" + name +
            ".so\n";
  // Root's rights are given up for these, where there are any to give up.
  if (::getuid() == 0) text += "User nobody\nGroup nogroup\n";
  return text;
}

}  // namespace

Apache::Apache(const Settings& settings) : WebServer("apache2", SIGWINCH) {
  start({"-f", "CONFIGURATION", "-DFOREGROUND"}, [&](const Facts& facts) {
    const std::string folder = facts.folder.string();
    return load_modules() +
           "ServerName localhost\n"
           "ServerRoot " +
           folder +
           "\n"
           "DefaultRuntimeDir " +
           folder +
           "\n"
           "PidFile " +
           folder +
           "/pid\n"
           "Mutex file:" +
           folder +
           "\n"
           "ErrorLog /dev/stderr\n"
           "LogFormat \"%{remote}p %>s %m %U %{SSL_SESSION_RESUMED}x\" plain\n"
           "CustomLog " +
           folder +
           "/access.log plain\n"
           "KeepAlive On\n"
           "KeepAliveTimeout 60\n"
           "MaxKeepAliveRequests " +
           std::to_string(settings.keepalive_requests_max) +
           "\n"
           "StartServers 1\n"
           "DocumentRoot " +
           facts.files.string() +
           "\n"
           "Listen 127.0.0.1:" +
           std::to_string(facts.port) +
           "\n"
           "Listen 127.0.0.1:" +
           std::to_string(facts.secure_port) +
           " https\n"
           "SSLSessionCache shmcb:" +
           folder +
           "/sessions(65536)\n"
           "<VirtualHost 127.0.0.1:" +
           std::to_string(facts.secure_port) +
           ">\n"
           "  SSLEngine on\n"
           "  SSLCertificateFile " +
           facts.certificate.chain_file +
           "\n"
           "  SSLCertificateKeyFile " +
           facts.certificate.key_file +
           "\n"
           "</VirtualHost>\n"
           "<Location />\n"
           "  Require all granted\n"
           "</Location>\n";
  });
}

}  // namespace headrace::test
