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
. bench/lib.sh

spin_counts() { # PAGES WRITERS
  spin_build "$1" "$2" -DNOREDUCE
  measured spin_run
  must_say 'errors: 0'
  awk '/states, stored/ { s = $1 } /transitions \(/ { t = $1 } END { print s - 2, t - 3 }' "$work/out"
}

tlc_counts() { # PAGES WRITERS
  measured tlc_run "$1" "$2" 1
  must_say 'No error has been found'
  awk '/^[0-9]+ states generated/ { print $4, $1 - 1 }' "$work/out"
}

our_counts() { # PAGES WRITERS
  java_run Once "$1" "$2" NONE | awk '{ print $1, $2 }'
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
tlc_fetch
printf '%-6s %21s   %21s   %21s\n' '' 'Spin (Promela)' 'TLC (PlusCal)' 'Shootdown'
printf '%-6s %9s %11s   %9s %11s   %9s %11s\n' P,W states transitions states transitions \
  states transitions
counts 1 1
counts 2 1
counts 2 2
exit $result
