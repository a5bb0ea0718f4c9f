#!/usr/bin/env bash
# Searches the arm64 ASID allocator (examples/) for three and for four tasks, as its TLA+
# specification configures it, then for six as long as it is given, and prints states and times.
#
# To be started with `shootdown bench asid [SECONDS]`: for how long to search with six tasks, 60
# unless said otherwise. docs/asid-allocator.md says what TLC needs for the same.
set -eu -o pipefail
cd "$(dirname "$0")/.."
SHOOTDOWN_BENCH_HEAP=${SHOOTDOWN_BENCH_HEAP:-12g}
. bench/lib.sh

line() { # TASKS WATCHED UNMAPPED STEPS REDUCTIONS WORKERS SECONDS
  measured java_run Asid "$@"
  printf '%5s %8s %9s %-9s %-8s %7s %12s %12s %9.2f %9.2f  %s\n' "$1" "$2" "$3" "$4" "$5" "$6" \
    "$(awk '{ print $1 }' "$work/out")" "$(awk '{ print $2 }' "$work/out")" ${seconds/$'\t'/ } \
    "$(cut -d' ' -f3- "$work/out")"
}

printf '%5s %8s %9s %-9s %-8s %7s %12s %12s %9s %9s\n' tasks watched unmapped steps reduced \
  workers states transitions 'CPU s' 'clock s'
line 3 3 3 TWIN +SYMMETRY 1 0
line 3 3 3 LABELS ALL 1 0
line 3 3 3 ACCESSES ALL 1 0
line 4 2 0 LABELS ALL 1 0
line 4 1 1 LABELS ALL 1 0
line 4 4 4 LABELS ALL 1 "${2:-600}"
line 6 2 0 LABELS ALL 1 "${1:-60}"
