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
} | awk -F'\t' -v pages="$pages" -v writers="$writers" '
BEGIN {
  printf "%d pages, %d CPUs that write\n", pages, writers
  printf "%-32s %12s %9s %9s %14s\n", "", "states", "CPU s", "clock s", "states/CPU s"
}
{
  printf "%-32s %12d %9.2f %9.2f %14d\n", $1, $2, $3, $4, $2 / $3
  fflush()
  states[NR] = $2
  cpu[NR] = $3
  clock[NR] = $4
}
END {
  if (NR < 6) {
    exit 1
  }
  print "Shootdown : TLC"
  printf "  %.1f  states a CPU second, every interleaving followed, one worker each\n",
    states[3] / cpu[3] / (states[1] / cpu[1])
  printf "  %.1f  states a second on the clock, every interleaving followed, two workers each\n",
    states[4] / clock[4] / (states[2] / clock[2])
  printf "  %.1f  CPU time to the same verdict, with reductions, one worker each\n", cpu[1] / cpu[5]
  printf "  %.1f  clock time to the same verdict, with reductions, two workers each\n", clock[2] / clock[6]
}'
