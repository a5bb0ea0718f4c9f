#!/usr/bin/env bash
# Runs TLC on the reference problem's twin in PlusCal and Shootdown on the problem, one after the
# other on this machine, and prints states, CPU seconds, seconds on the clock, and ratios.
#
# To be started with `shootdown bench tlc [PAGES WRITERS]`, which finds Java and Maven and builds;
# without arguments, three pages and two CPUs that write: some ten minutes.
#
# Both explore every interleaving of the same steps, cold, with one worker and with two; then
# Shootdown does so with its reductions. Seconds are those of the whole process.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. bench/lib.sh

tlc_line() { # PAGES WRITERS WORKERS
  measured tlc_run "$1" "$2" "$3"
  must_say 'No error has been found'
  printf 'TLC, workers: %s\t%s\t%s\n' "$3" \
    "$(awk '/^[0-9]+ states generated/ { print $4 }' "$work/out")" "$seconds"
}

pages=${1:-3}
writers=${2:-2}
tlc_fetch
{
  tlc_line "$pages" "$writers" 1
  tlc_line "$pages" "$writers" 2
  our_lines "$pages" "$writers"
} | compared "$pages" "$writers" TLC
