#!/usr/bin/env bash
# sizing.sh [SLUICE] PEOPLE...: what a workspace of so many people costs, measured on the simulator: the numbers of docs/sizing.md.
# For each number one line: tables, requests, minutes at 10 requests a second, seconds without that limit, peak memory, disk of the database and,
# at its most, of the work folder. Needs curl, and GNU time as /usr/bin/time.
set -euo pipefail

sluice=sluice
if [[ "${1:-}" =~ [^0-9] ]]; then sluice="$(realpath "$1")"; shift; fi
[ $# -gt 0 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }

folder="$(mktemp -d)"
simulator=
trap '[ -z "$simulator" ] || kill "$simulator" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
export CUSTOMERIO_APP_API_KEY=sim-app-key SLUICE_HOME="$folder/work"

# What everybody reads, what a whole list of people adds, and what costs a request for each person.
groups=(
  "default"
  "customers,customer_attributes,segment_memberships,optouts"
  "customer_relationships,customer_segments,customer_subscription_preferences"
)

start() {
  "$sluice" simulate --port 0 --customers "$1" --rps 0 >simulator.log 2>&1 &
  simulator=$!
  for _ in $(seq 600); do
    address="$(grep -oE 'http://127\.0\.0\.1:[0-9]+' simulator.log | head -n 1 || true)"
    [ -z "$address" ] || return 0
    sleep 0.5
  done
  cat simulator.log >&2
  exit 1
}

# Each table has its own number of requests; that of the run stands before its refusals.
requests_of() { grep -oE '"requests": *[0-9]+, *"rate_limited"' "$1" | grep -oE '[0-9]+'; }
# Files come and go while they are counted.
kilobytes() { { du -sk "$1" 2>/dev/null || true; } | cut -f1; }

measure() {
  local people="$1" tables="$2" most=0 now began
  rm -rf crm.duckdb* work report.json
  began=$(date +%s.%N)
  /usr/bin/time -f %M -o peak "$sluice" ingest --source-uri "customerio://?base_url=$address&rate=10000" --source-table "$tables" \
    --dest-uri duckdb:///crm.duckdb --json --progress none >report.json 2>ingest.log &
  local ingest=$!
  while kill -0 "$ingest" 2>/dev/null; do
    now="$(kilobytes work)"
    [ "${now:-0}" -le "$most" ] || most="$now"
    sleep 0.5
  done
  wait "$ingest" || { cat ingest.log >&2; exit 1; }
  local seconds requests
  seconds="$(awk -v from="$began" -v to="$(date +%s.%N)" 'BEGIN { printf "%.0f", to - from }')"
  requests="$(requests_of report.json)"
  awk -v people="$people" -v tables="$tables" -v requests="$requests" -v seconds="$seconds" -v peak="$(tail -n 1 peak)" \
    -v disk="$(kilobytes crm.duckdb)" -v spool="$most" 'BEGIN {
      printf "%8d  %-76s %9d requests %7.1f min %6d s %5d MB memory %6d MB disk %6d MB work folder\n",
        people, tables, requests, requests / 600, seconds, peak / 1024, disk / 1024, spool / 1024 }'
}

for people in "$@"; do
  start "$people"
  for tables in "${groups[@]}"; do
    # A request for each of so many people says nothing that fewer don't say.
    if [[ "$tables" = customer_relationships,* ]] && [ "$people" -gt 10000 ]; then continue; fi
    measure "$people" "$tables"
  done
  kill "$simulator"
  wait "$simulator" 2>/dev/null || true
  simulator=
done
