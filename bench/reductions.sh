#!/usr/bin/env bash
# What each reduction gains on the reference problem (the fixed order): all of them, all but one,
# none; then what two workers gain on a larger instance. One run, each line in a JVM of its own.
#
# To be started with `shootdown bench reductions`, which finds Java and builds.
set -eu
: "${SHOOTDOWN_BENCH_CLASSPATH:?start this with: shootdown bench reductions}"

line() { # PAGES WRITERS REDUCTIONS WORKERS
  "$JAVA_HOME/bin/java" -Xmx4g -XX:+UseSerialGC -cp "$SHOOTDOWN_BENCH_CLASSPATH" \
    shootdown.bench.Once "$@" |
    awk -v size="$1,$2" -v name="$3" -v workers="$4" '{
      printf "%-5s %-15s %7d %12d %12d %9.2f %9.2f\n", size, name, workers, $1, $2, $3, $4
    }'
}

printf '%-5s %-15s %7s %12s %12s %9s %9s\n' P,W reductions workers states transitions 'CPU s' \
  'clock s'
for reductions in ALL -privateWords -lockedWords -lockMovers -localChoices NONE; do
  line 2 2 "$reductions" 1
done
for workers in 1 2; do
  line 3 2 ALL "$workers"
done
