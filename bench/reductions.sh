#!/usr/bin/env bash
# What each reduction gains on the reference problem (the fixed order) and on the arm64 ASID allocator:
# all of them, all but one, none; then what two workers gain on a larger instance. One run, each line
# in a JVM of its own.
#
# To be started with `shootdown bench reductions`, which finds Java and builds.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. bench/lib.sh

line() { # NAME CLASS ARGUMENT...
  local name=$1
  shift
  measured java_run "$@"
  printf '%-44s %12d %12d %9.2f %9.2f\n' "$name" $(cut -d' ' -f1,2 "$work/out") ${seconds/$'\t'/ }
}

printf '%-44s %12s %12s %9s %9s\n' '' states transitions 'CPU s' 'clock s'
for reductions in ALL -PRIVATE_WORDS -LOCKED_WORDS -LOCK_MOVERS -LOCAL_CHOICES -SLEEP_SETS NONE; do
  line "reference problem 2,2, $reductions" Once 2 2 "$reductions"
done
for reductions in ALL -PRIVATE_WORDS -LOCKED_WORDS -LOCK_MOVERS -LOCAL_CHOICES -SYMMETRY -SLEEP_SETS NONE; do
  line "ASID allocator, 3 tasks, $reductions" Asid 3 3 3 LABELS "$reductions" 1 0
done
line 'reference problem 3,2, ALL' Once 3 2 ALL 1
line 'reference problem 3,2, ALL, two workers' Once 3 2 ALL 2
