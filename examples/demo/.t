#!/usr/bin/env bash
# Usage: tools/with-cluster VERSION examples/demo/run [--no-model] [--psql]
# Shows frontdesk at work on real documentation: two organizations, two domains, two hundred pages,
# search, a conversation, telemetry, an export and an erasure. Less than three minutes once built.
#
# Works on the server that PGHOST, PGPORT and PGUSER (a superuser) name, in a database that it creates
# and leaves there: frontdesk_demo, or FRONTDESK_DEMO_DATABASE. The SQL is in examples/demo/sql.
#   --no-model   text search only: no worker is built, no vector computed
#   --psql       ends with a psql prompt in that database (needs with-cluster --tty)
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/lib.sh"
help_if_asked "$@"

demo=$PROJECT_DIR/examples/demo
steps=11
model=yes
prompt=no
for option in "$@"; do
    case $option in
    --no-model) model=no ;;
    --psql) prompt=yes ;;
    *) die "unknown option '$option' (see examples/demo/run --help)" ;;
    esac
done
[ -n "${PGHOST:-}" ] || die "no server named: tools/with-cluster VERSION examples/demo/run starts one"
[ -z "${FRONTDESK_PG_BIN:-}" ] || PATH=$FRONTDESK_PG_BIN:$PATH
export PGDATABASE=${FRONTDESK_DEMO_DATABASE:-frontdesk_demo} PGCLIENTENCODING=UTF8 PSQL_PAGER=''
# Each of the worker's threads keeps to one core, which is faster than all of them using all.
export RAYON_NUM_THREADS=1

bold='' dim='' plain='' terminal=no
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    terminal=yes
    if [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi
fi

# chapter TEXT [FILE]: begins a step; first says how long the one before took.
number=0
chapter() {
    time_of_chapter
    number=$((number + 1))
    chapter_started=$SECONDS
    printf '\n%s[%d/%d] %s%s\n' "$bold" $number $steps "$1" "$plain"
    [ -z "${2:-}" ] || printf '%s        examples/demo/sql/%s%s\n' "$dim" "$2" "$plain"
}

time_of_chapter() {
    [ $number -gt 0 ] && [ $((SECONDS - chapter_started)) -ge 2 ] || return 0
    printf '%s        %d s%s\n' "$dim" $((SECONDS - chapter_started)) "$plain"
}

run_psql() { psql -X -q -v ON_ERROR_STOP=1 -v "model=$model" "$@"; }
run_sql() { run_psql -f "$demo/sql/$1"; }

# The pages of a domain's list that the folder has.
pages_of() {
    grep -v -e '^#' -e '^$' "$demo/pages/$1.txt" | while read -r page; do
        if [ -f "$2/$page" ]; then echo "$page"; fi
    done
}

# ingest DOMAIN FOLDER: one psql session for all pages, a transaction for each.
ingest() {
    local total
    total=$(pages_of "$1" "$2" | wc -l)
    pages_of "$1" "$2" | while read -r page; do
        printf "\\\\set page '%s'\n\\\\set html_file '%s'\n\\\\ir '%s'\n" \
            "$page" "$2/$page" "$demo/sql/03_ingest_page.sql"
    done | run_psql -t -A -v "domain=$1" -f - | count_pages "$1" "$total"
}

# Reads a line for each page done, "status|chunks|...": a bar, or in a log a line now and then.
count_pages() {
    local domain=$1 total=$2 pages=0 chunks=0 shown=$SECONDS status count rest bar
    while IFS='|' read -r status count rest; do
        [ -n "$status" ] || continue
        pages=$((pages + 1)) chunks=$((chunks + count))
        if [ $terminal = yes ]; then
            bar=$(printf '%*s' $((pages * 30 / total)) '' | tr ' ' '=')
            printf '\r   %s [%-30s] %d/%d pages' "$domain" "$bar" $pages "$total"
        elif [ $((SECONDS - shown)) -ge 5 ]; then
            shown=$SECONDS
            printf '   %s: %d of %d pages\n' "$domain" $pages "$total"
        fi
    done
    [ $terminal = no ] || printf '\r%78s\r' ''
    printf '   %s: %d pages in %d chunks\n' "$domain" $pages $chunks
}

build_worker() {
    local target=${CARGO_TARGET_DIR:-$PROJECT_DIR/target}
    PATH=$target/release:$PATH
    (cd "$PROJECT_DIR" && cargo build --release --locked --package frontdesk-worker) && return
    say "the worker with the sentence model cannot be built: the demo goes on with text search only"
    model=no
}

if [ $model = yes ]; then build_worker; fi
postgresql_pages=$("$demo/documentation" postgresql)
debian_pages=$("$demo/documentation" debian)
started=$SECONDS

chapter "A database, and the extension in it" 01_install.sql
psql -X -q -v ON_ERROR_STOP=1 -d postgres -v "name=$PGDATABASE" <<'SQL' ||
create database :"name" template template0 encoding 'UTF8';
SQL
    die "choose another name with FRONTDESK_DEMO_DATABASE"
run_sql 01_install.sql

psql -X -q -f /tmp/demodev/stub_ingest.sql; chapter "Two organizations, each with people and a domain" 02_organizations.sql
run_sql 02_organizations.sql

chapter "Real pages: PostgreSQL's manual and the Debian Administrator's Handbook" 03_ingest_page.sql
ingest docs.postgresql.example "$postgresql_pages"
ingest handbook.debian.example "$debian_pages"

if [ $model = yes ]; then
    chapter "Vectors, computed outside the database by examples/worker" 04_model.sql
    read -r model_name dimensions <<<"$(frontdesk-worker model)"
    run_psql -v "model_name=$model_name" -v "dimensions=$dimensions" -f "$demo/sql/04_model.sql"
    frontdesk-worker run --until-empty --batch 64
else
    chapter "No sentence model: the demo goes on with text search only"
fi

chapter "Search, as a signed-in member of the organization" 05_search.sql
run_sql 05_search.sql
chapter "The same question, as somebody of the other organization" 06_isolation.sql
run_sql 06_isolation.sql
chapter "A conversation in the chat" 07_conversation.sql
run_sql 07_conversation.sql
chapter "What the chat costs: telemetry and rollups" 08_telemetry.sql
run_sql 08_telemetry.sql
chapter "An alert when it costs too much" 09_alert.sql
run_sql 09_alert.sql
chapter "A visitor asks for their data" 10_export.sql
run_sql 10_export.sql
chapter "The visitor asks to be forgotten" 11_erasure.sql
run_sql 11_erasure.sql
time_of_chapter

printf '\n%sDone in %d s.%s\n' "$bold" $((SECONDS - started)) "$plain"
if [ $prompt = yes ]; then exec psql -X; fi
