#!/usr/bin/env bash
# The reference problem (the fixed order; three pages, two CPUs that write) with one worker and with
# two, without reductions and with all, in a JVM that has warmed up: seconds on the clock of each
# search, by JMH; `cpuSeconds` are those of all threads.
#
# To be started with `shootdown bench workers`, which finds Java and builds; arguments go to JMH.
set -eu -o pipefail
cd "$(dirname "$0")/.."
: "${SHOOTDOWN_BENCH_CLASSPATH:?start this with: shootdown bench workers}"
exec "$JAVA_HOME/bin/java" -cp "$SHOOTDOWN_BENCH_CLASSPATH" org.openjdk.jmh.Main ReferenceProblem "$@"
