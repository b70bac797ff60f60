# shellcheck shell=bash
# Shared by the scripts in tools/: strict mode, messages with timings, the cache, locks, root.
# Written for bash 3.2 and later, so that macOS can run it.

set -euo pipefail
umask 022

TOOLS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT_DIR=$(dirname "$TOOLS_DIR")
export PROJECT_DIR

# Everything that is downloaded or built once for this machine. Root's is readable by the ordinary
# user that its servers run as.
if [ "$(id -u)" = 0 ]; then
    FRONTDESK_CACHE=${FRONTDESK_CACHE:-/var/cache/frontdesk}
else
    FRONTDESK_CACHE=${FRONTDESK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/frontdesk}
fi
case $FRONTDESK_CACHE in /*) ;; *) FRONTDESK_CACHE=$PWD/$FRONTDESK_CACHE ;; esac
export FRONTDESK_CACHE
if [ -n "${CARGO_TARGET_DIR:-}" ]; then
    case $CARGO_TARGET_DIR in /*) ;; *) export CARGO_TARGET_DIR=$PROJECT_DIR/$CARGO_TARGET_DIR ;; esac
fi
export PATH=$FRONTDESK_CACHE/tools/bin:$PATH
# cargo pgrx links with a flag that it needs on some machines. Every crate would be compiled once more
# for it, so not on the most common kind, where the linker keeps pgrx's section by itself.
if [ "$(uname -sm)" = "Linux x86_64" ]; then export CARGO_PGRX_DISABLE_GC_SECTIONS_WORKAROUND=1; fi
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
    case "${1:-}" in
    15 | 16 | 17 | 18) ;;
    *) die "the Postgres version must be 15, 16, 17 or 18, got '${1:-}'" ;;
    esac
}

# One directory per version: changing it would make cargo build pgrx again.
use_version() {
    check_version "${1:-}"
    version=$1
    export PGRX_HOME=$FRONTDESK_CACHE/pgrx/pg$version
}

# Where tools/install-extension puts the extension's files for VERSION: lib/ and extension/.
extension_build_dir() { echo "${CARGO_TARGET_DIR:-$PROJECT_DIR/target}/install/pg$1"; }

is_root() { [ "$(id -u)" = 0 ]; }

# A server refuses to run as root: root's servers run as this user, which tools/setup makes.
run_as_user() { if is_root; then echo frontdesk-test; else id -un; fi; }
as_run_user() { if is_root; then runuser -u "$(run_as_user)" -- "$@"; else "$@"; fi; }

# step "what" program...: says what happens and how long it took; shows the output if it fails.
# Only programs: in a function bash would no longer stop at the first error.
step() {
    local what=$1 started=$SECONDS log reporter status=0
    shift
    log=$(mktemp "${TMPDIR:-/tmp}/frontdesk-step.XXXXXX")
    printf '== %s ...\n' "$what" >&2
    report_progress "$what" "$log" 9>&- &
    reporter=$!
    "$@" >"$log" 2>&1 9>&- || status=$?
    kill "$reporter" 2>/dev/null || true
    wait "$reporter" 2>/dev/null || true
    if [ $status -ne 0 ]; then
        cat "$log" >&2
        rm -f "$log"
        die "failed after $((SECONDS - started)) s: $what"
    fi
    rm -f "$log"
    printf '== %s: %d s\n' "$what" $((SECONDS - started)) >&2
}

# Every fifteen seconds one line with the last that the step printed.
report_progress() {
    local what=$1 log=$2 parent=$$ started=$SECONDS waited=0
    while sleep 1 && kill -0 "$parent" 2>/dev/null; do
        waited=$((SECONDS - started))
        if [ $waited -eq 0 ] || [ $((waited % 15)) -ne 0 ]; then continue; fi
        printf '   %s: %d s, %s\n' "$what" $waited "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-90)" >&2
    done
}

# take_lock FILE [shared]: held on descriptor 9 until the script ends or closes it.
take_lock() {
    local file=$1 mode=${2:-exclusive}
    mkdir -p "$(dirname "$file")"
    exec 9>>"$file"
    flock_fd "$mode" nonblocking && return
    say "waiting for another run: $file"
    flock_fd "$mode" blocking
}

flock_fd() {
    if command -v flock >/dev/null; then
        local flags="--exclusive"
        [ "$1" = shared ] && flags="--shared"
        [ "$2" = nonblocking ] && flags="$flags --nonblock"
        # shellcheck disable=SC2086 # two flags are two words
        flock $flags 9
    else
        local number=2
        [ "$1" = shared ] && number=1
        [ "$2" = nonblocking ] && number=$((number + 4))
        perl -e 'open(my $file, ">&=9") or exit 2; exit(flock($file, $ARGV[0]) ? 0 : 1)' "$number"
    fi
}

# publish FROM TO: puts a finished directory in its place in one step.
publish() {
    if [ -e "$2" ]; then mv "$2" "$1.old"; fi
    mv "$1" "$2"
    rm -rf "$1.old"
}
