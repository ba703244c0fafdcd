#!/bin/sh
# Installs what building headrace needs and the machine lacks, with apt-get.
#
#   cmake/install-dependencies.sh SET...     sets: demo (to build), test (to test), ci (to check),
#                                            bench (to measure)
#
# Says beforehand what it installs and asks nothing. With nothing missing it says nothing and needs
# no rights. Elsewhere than on Debian and its kin it installs nothing: CMake names what is missing.
set -eu

packages_of() {
  case "$1" in
    demo) echo "g++ cmake ninja-build pkg-config python3 python3-pip libuv1-dev libssl-dev" \
               "liburiparser-dev libsimdjson-dev libcli11-dev zlib1g-dev libbrotli-dev libzstd-dev" ;;
    test) echo "catch2 nginx apache2-bin squid tinyproxy-bin dante-server microsocks haproxy" \
               "lighttpd lighttpd-mod-openssl h2o caddy varnish stunnel4" \
               "python3-venv python3-dev libxml2-dev valgrind" ;;
    ci) echo "clang-19 libclang-rt-19-dev clang-tidy-19 clang-format-19 llvm-19 valgrind" ;;
    bench) echo "wrk nghttp2-client libcurl4-openssl-dev libboost1.81-dev libbenchmark-dev valgrind" \
                "python3-venv python3-dev openssl" ;;  # Node, Go and Rust as they are, or not at all
    *)
      echo "install-dependencies.sh: there is no set '$1': choose from demo, test, ci, bench" >&2
      exit 2
      ;;
  esac
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_of() {
  for package in $1; do
    is_installed "$package" || printf ' %s' "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A password is asked for here or nowhere; without a terminal sudo has to do without one.
check_rights() {
  [ "$(id -u)" != 0 ] || return 0
  if command -v sudo >/dev/null; then
    if [ -t 0 ] && [ -t 2 ]; then
      sudo -v && return 0
    else
      sudo -n true 2>/dev/null && return 0
    fi
  fi
  echo "This needs root's rights, and sudo does not give them here. As root, run:" >&2
  echo "  apt-get install --no-install-recommends$missing" >&2
  exit 1
}

# Servers are wanted as programs that the tests start on a free port. Their packages would also start
# them as services, now and at each boot: a policy that refuses just these stands in while packages
# are installed, before the machine's own policy, which is kept and asked otherwise.
services="nginx squid danted haproxy lighttpd h2o caddy caddy-api varnish varnishncsa stunnel4"
policy=/usr/sbin/policy-rc.d
kept=/usr/sbin/policy-rc.d.kept-by-headrace

hold_services() {
  if as_root test -e "$policy" && ! as_root test -e "$kept"; then
    as_root mv "$policy" "$kept"
  fi
  as_root tee "$policy" >/dev/null <<POLICY
#!/bin/sh
for service in $services; do
  [ "\$1" != "\$service" ] && [ "\$1" != "\$service.service" ] || exit 101
done
[ ! -x "$kept" ] || exec "$kept" "\$@"
exit 0
POLICY
  as_root chmod 755 "$policy"
}

release_services() {
  as_root rm -f "$policy"
  if as_root test -e "$kept"; then
    as_root mv "$kept" "$policy"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
    apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

install_missing() {
  echo "Refreshing the list of packages (apt-get update)" >&2
  apt update -qq || echo "That failed in part; going on with the list as it is." >&2
  echo "Installing:$missing" >&2
  # shellcheck disable=SC2086
  apt install --yes -qq --no-install-recommends $missing
}

[ $# -gt 0 ] || { packages_of ""; }
wanted=""
for set in "$@"; do
  packages=$(packages_of "$set")
  wanted="$wanted $packages"
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  exit 0
fi
missing=$(missing_of "$wanted")
[ -n "$missing" ] || exit 0

echo "headrace needs packages that are not here; apt-get will now install, with what they need:" >&2
echo " $missing" >&2
check_rights

case "$missing " in
  *" nginx "* | *" squid "* | *" dante-server "* | *" haproxy "* | *" lighttpd "* | *" h2o "* | \
    *" caddy "* | *" varnish "* | *" stunnel4 "*)
    trap release_services EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    hold_services
    install_missing
    if command -v systemctl >/dev/null; then
      for service in $services; do
        as_root systemctl disable "$service.service" >/dev/null 2>&1 || true
      done
    fi
    ;;
  *) install_missing ;;
esac
