#!/usr/bin/env bash
# Runs the reference problem (the fixed order) with Spin and with Shootdown, one after the other on
# this machine, and prints states, CPU seconds, seconds on the clock, and ratios.
#
# To be started with `shootdown bench spin [PAGES WRITERS]`, which finds Java and builds; without
# arguments, three pages and two CPUs that write, then two pages and three CPUs.
#
# Both explore every interleaving of the same steps, cold, Shootdown with one worker and with two;
# then Shootdown does so with its reductions. Spin's partial-order reduction is on in one of its two
# runs and removes nothing; its better run is what Shootdown is compared with. Seconds are those of
# the whole process; those on the clock mean something on a machine that nobody else uses.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. bench/lib.sh

spin_line() { # PAGES WRITERS NAME GCC-OPTION...
  local pages=$1 writers=$2 name=$3
  shift 3
  spin_build "$pages" "$writers" "$@"
  measured spin_run
  must_say 'errors: 0'
  printf '%s\t%s\t%s\n' "$name" "$(awk '/states, stored/ { print $1 }' "$work/out")" "$seconds"
}

compare() { # PAGES WRITERS
  {
    spin_line "$1" "$2" 'Spin -DNOREDUCE' -DNOREDUCE
    spin_line "$1" "$2" 'Spin'
    our_lines "$1" "$2"
  } | compared "$1" "$2" Spin
}

if [ $# -gt 0 ]; then
  compare "$1" "${2:?PAGES without WRITERS}"
else
  compare 3 2
  echo
  compare 2 3
fi
