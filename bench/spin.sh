#!/usr/bin/env bash
# Runs the reference problem (three pages, two CPUs that write, the fixed order) with Spin and with
# Shootdown, one after the other on this machine, and prints states, CPU seconds and their ratio.
# Both explore every interleaving of the same steps, without reductions; both start cold.
#
# Needs spin and gcc (Debian, Ubuntu: apt-get install spin gcc), a JDK 25 and Maven.
set -eu
cd "$(dirname "$0")/.."

for tool in spin gcc java mvn; do
  if ! command -v "$tool" > /dev/null; then
    echo "bench/spin.sh: $tool is not installed (apt-get install spin gcc; a JDK 25; Maven)" >&2
    exit 4
  fi
done

twin=$PWD/bench/twins/remap.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

(
  cd "$work"
  spin -a -DP=3 -DW=2 -DFIXED "$twin"
  gcc -O2 -DSAFETY -DMEMLIM=16000 -o pan pan.c
  { time ./pan -m100000 -w26 > pan.out; } 2> pan.time
)
spin_states=$(awk '/states, stored/ { print $1 }' "$work/pan.out")
spin_seconds=$(awk '{ print $1 + $2 }' "$work/pan.time")

mvn -q package -pl bench -am -DskipTests > /dev/null
java -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main ReferenceProblem \
  -p reductions=NONE -wi 0 -i 1 -rf csv -rff "$work/jmh.csv" > "$work/jmh.out"
ours() {
  awk -F, -v name=":$1\"" 'index($1, name) { print $5 }' "$work/jmh.csv"
}
states=$(ours states)
seconds=$(ours cpuSeconds)

awk -v a="$spin_states" -v b="$spin_seconds" -v c="$states" -v d="$seconds" 'BEGIN {
  printf "%-12s %12s %12s %22s\n", "", "states", "CPU seconds", "states a CPU second"
  printf "%-12s %12d %12.1f %22d\n", "Spin", a, b, a / b
  printf "%-12s %12d %12.1f %22d\n", "Shootdown", c, d, c / d
  printf "Shootdown : Spin = %.2f in states a CPU second\n", (c / d) / (a / b)
}'
