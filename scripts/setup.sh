# Sourced by the other scripts: finds what is missing on this machine and installs it, saying so.
# Debian and its relatives through apt (sudo where not root), macOS through Homebrew.

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$here"

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 3
}

require_swift() {
  command -v swift >/dev/null 2>&1 ||
    die "swift is not on the PATH. Install Swift 6.3 or later from https://www.swift.org/install and run this again."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case "$version" in
    '') die "'swift --version' did not name a version. Is the toolchain complete?" ;;
  esac
  local major=${version%%.*} minor=${version#*.}
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    die "Swift $version is too old; Swift 6.3 or later is needed (https://www.swift.org/install)."
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "installing needs root, and there is no sudo. As root, run: apt-get install $debian_missing"
  fi
}

# install_debian PACKAGE…: those of them that dpkg does not know as installed.
install_debian() {
  debian_missing=''
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      debian_missing="$debian_missing $package"
  done
  [ -n "$debian_missing" ] || return 0
  say "Installing Debian packages:$debian_missing"
  local log
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $debian_missing >"$log" 2>&1; then
    # A machine that never updated its lists finds nothing: update once, then try again.
    as_root apt-get update >>"$log" 2>&1 || true
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $debian_missing >>"$log" 2>&1; then
      tail -n 20 "$log" >&2
      rm -f "$log"
      die "apt-get could not install:$debian_missing"
    fi
  fi
  rm -f "$log"
}

# install_homebrew FORMULA…
install_homebrew() {
  command -v brew >/dev/null 2>&1 || die "Homebrew is missing. Install it from https://brew.sh, or install these yourself: $*"
  local formula
  for formula in "$@"; do
    brew list --versions "$formula" >/dev/null 2>&1 && continue
    say "Installing with Homebrew: $formula"
    brew install "$formula" >&2 || die "Homebrew could not install $formula"
  done
}

# install_packages "DEBIAN NAMES" "HOMEBREW NAMES"
install_packages() {
  # shellcheck disable=SC2086
  case "$(uname -s)" in
    Darwin) install_homebrew $2 ;;
    *)
      command -v apt-get >/dev/null 2>&1 ||
        die "no apt-get here. Install the equivalents of these Debian packages by hand, then build with 'swift build -c release': $1"
      install_debian $1
      ;;
  esac
}

needed_to_build() {
  require_swift
  install_packages 'libcmark-gfm-dev libcmark-gfm-extensions-dev' 'cmark-gfm'
}

needed_to_test() {
  needed_to_build
  install_packages 'cmark-gfm libxml2-utils' 'libxml2'
}
