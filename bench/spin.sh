#!/usr/bin/env bash
# Runs the reference problem (three pages, two CPUs that write, the fixed order) with Spin and with
# Shootdown, one after the other on this machine, and prints states, CPU seconds and ratios.
#
# To be started with `shootdown bench spin`, which finds Java and builds.
#
# Both explore every interleaving of the same steps, cold; then Shootdown does so with its
# reductions. Spin's partial-order reduction is on in one of its two runs and removes nothing; its
# better run is what Shootdown is compared with. CPU seconds are those of the whole process.
set -eu
cd "$(dirname "$0")/.."
: "${SHOOTDOWN_BENCH_CLASSPATH:?start this with: shootdown bench spin}"
readonly PAGES=${1:-3} WRITERS=${2:-2}

twin=$PWD/bench/twins/remap.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

spin_run() { # NAME GCC-OPTION...
  local name=$1
  shift
  (
    cd "$work"
    spin -a -DP="$PAGES" -DW="$WRITERS" -DFIXED "$twin"
    gcc -O2 -DSAFETY -DMEMLIM=16000 "$@" -o pan pan.c
    { time ./pan -m100000 -w26 >pan.out; } 2>pan.time
    if ! grep -q '^State-vector' pan.out || ! grep -q 'errors: 0' pan.out; then
      cat pan.out >&2
      exit 1
    fi
    printf '%s\t%s\t%s\n' "$name" "$(awk '/states, stored/ { print $1 }' pan.out)" \
      "$(awk '{ print $1 + $2 }' pan.time)"
  )
}

ours() { # NAME REDUCTIONS
  "$JAVA_HOME/bin/java" -Xmx4g -XX:+UseSerialGC -cp "$SHOOTDOWN_BENCH_CLASSPATH" \
    shootdown.bench.Once "$PAGES" "$WRITERS" "$2" |
    awk -v name="$1" '{ printf "%s\t%s\t%s\n", name, $1, $3 }'
}

{
  spin_run 'Spin -DNOREDUCE' -DNOREDUCE
  spin_run 'Spin'
  ours 'Shootdown, unreduced' NONE
  ours 'Shootdown' ALL
} | awk -F'\t' -v pages="$PAGES" -v writers="$WRITERS" '
  BEGIN {
    printf "%d pages, %d CPUs that write\n", pages, writers
    printf "%-22s %12s %12s %22s\n", "", "states", "CPU seconds", "states a CPU second"
  }
  {
    printf "%-22s %12d %12.2f %22d\n", $1, $2, $3, $2 / $3
    states[NR] = $2
    seconds[NR] = $3
  }
  END {
    best = seconds[1] < seconds[2] ? 1 : 2
    printf "Shootdown : Spin = %.2f in states a CPU second, every interleaving followed\n",
      states[3] / seconds[3] / (states[best] / seconds[best])
    printf "Shootdown : Spin = %.2f in speed to the same verdict, with reductions\n",
      seconds[best] / seconds[4]
  }'
