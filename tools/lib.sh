# shellcheck shell=bash
# Shared by every script in tools/: strict mode, messages with timings, the cache, locks, root.
# Written for bash 3.2 and later, so that macOS can run it.

set -euo pipefail
umask 022

TOOLS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT_DIR=$(dirname "$TOOLS_DIR")
export PROJECT_DIR

SUPPORTED_VERSIONS="18 17 16 15"
PGRX_VERSION=0.18.1

if [ "$(id -u)" = 0 ]; then
    FRONTDESK_CACHE=${FRONTDESK_CACHE:-/var/cache/frontdesk}
else
    FRONTDESK_CACHE=${FRONTDESK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/frontdesk}
fi
export FRONTDESK_CACHE
export PGRX_HOME=$FRONTDESK_CACHE/pgrx
export PATH=$FRONTDESK_CACHE/tools/bin:$PATH
# A make that called us must not hand its job server and flags to other makes.
unset MAKEFLAGS MFLAGS MAKELEVEL

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'frontdesk: %s\n' "$*" >&2
    exit 1
}

# The comment block at the top of a script is its help.
help_if_asked() {
    case "${1:-}" in
    -h | --help)
        sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"
        exit 0
        ;;
    esac
}

check_version() {
    case " $SUPPORTED_VERSIONS " in
    *" ${1:-none} "*) ;;
    *) die "Postgres version must be one of 15, 16, 17, 18, got '${1:-}'" ;;
    esac
}

# step "what" command...: says what happens, keeps the output in a log, says how long it took.
step() {
    local what=$1 log started=$SECONDS
    shift
    log=$(mktemp "${TMPDIR:-/tmp}/frontdesk-step.XXXXXX")
    printf '== %s ...\n' "$what" >&2
    if "$@" >"$log" 2>&1; then
        printf '== %s: %d s\n' "$what" $((SECONDS - started)) >&2
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        die "failed after $((SECONDS - started)) s: $what"
    fi
}

# with_lock FILE [shared]: holds the lock on descriptor 9 until the script ends.
# Processes that outlive the script must be started with 9>&-.
take_lock() {
    local file=$1 mode=${2:-exclusive}
    mkdir -p "$(dirname "$file")"
    exec 9>>"$file"
    flock_fd "$mode" nonblocking && return
    say "waiting for another run to finish with $(basename "$file" .lock)"
    flock_fd "$mode" blocking
}

flock_fd() {
    local number=2
    [ "$1" = shared ] && number=1
    [ "$2" = nonblocking ] && number=$((number + 4))
    if command -v flock >/dev/null; then
        local flags="-x"
        [ "$1" = shared ] && flags="-s"
        [ "$2" = nonblocking ] && flags="$flags -n"
        # shellcheck disable=SC2086 # two flags are two words
        flock $flags 9
    else
        perl -e 'open(my $f, ">&=9") or exit 2; exit(flock($f, $ARGV[0]) ? 0 : 1)' "$number"
    fi
}

is_root() { [ "$(id -u)" = 0 ]; }

# Root's commands: directly, by sudo without a password, or not at all (status 1).
may_be_root() { is_root || sudo -n true 2>/dev/null; }
as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }

# fetch URL FILE SHA256: downloads once; a file with another checksum is refused.
fetch() {
    local url=$1 file=$2 sum=$3
    mkdir -p "$(dirname "$file")"
    if [ ! -f "$file" ]; then
        curl -fsSL --retry 3 -o "$file.part" "$url"
        mv "$file.part" "$file"
    fi
    if ! printf '%s  %s\n' "$sum" "$file" | sha256 -c - >/dev/null; then
        rm -f "$file"
        die "$url does not have the expected checksum"
    fi
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# publish FROM TO: puts a finished directory in its place in one step.
publish() {
    rm -rf "$2.old"
    if [ -e "$2" ]; then mv "$2" "$2.old"; fi
    mv "$1" "$2"
    rm -rf "$2.old"
}

# A server refuses to run as root: then it runs as this user, which tools/setup makes.
run_as_user() { if is_root; then echo "${FRONTDESK_RUN_AS:-frontdesk-test}"; fi; }

# Where tools/install-extension puts the extension's files for VERSION: lib/ and extension/.
extension_build_dir() { echo "${CARGO_TARGET_DIR:-$PROJECT_DIR/target}/install/pg$1"; }
