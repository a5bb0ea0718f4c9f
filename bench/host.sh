#!/usr/bin/env bash
#
# How well tests run on this machine's kernel:
#
#   - the nine steps of seed 2 beside the same loop in C, in turn, on tmpfs and on a disk; as many
#     rounds are whole, and wait for a quiet file, there as here
#   - how often the store buffer shows (0,0 in SB)
#   - whether a worker survives a million rounds that fault
#
#   host.sh [SECONDS [TURNS]]     each turn takes so long; default: 3 seconds, 4 turns

set -eu -o pipefail
readonly ROOT=$(cd "$(dirname "$0")/.." && pwd)
readonly SECONDS_EACH=${1:-3} TURNS=${2:-4}
readonly SEED=$ROOT/litmus/seeds/mremap+mkclean.litmus

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -Wno-unused-result -pthread -o "$work/nine" "$ROOT/bench/host/nine.c"

# Of a run of ours: rounds a second, and of how many in a hundred no thread was ended by a signal.
rate() {
  awk '/>.*sig=/ { all += $1 } />.*sig=0/ { whole += $1 }
       /^Host=/ { sub(/.* rounds, /, ""); sub(/ a second.*/, ""); gsub(/,/, ""); rate = $0 }
       END { printf "%d %.0f\n", rate, 100 * whole / (all + 1e-9) }'
}

# The same of the loop in C.
rate_of_c() {
  awk '{ printf "%d %.0f\n", $3, 100 * (1 - $6 / ($1 + 1e-9)) }'
}

load() { cut -d ' ' -f 1 /proc/loadavg; }

# How many of 100 rounds of the loop in C have to meet, so that as many are whole as of ours, if so
# many are whole of those that do not meet.
met() { # WHOLE-OF-OURS WHOLE-OF-OTHERS
  awk "BEGIN { n = 100 * ($1 - $2) / (100 - $2); printf \"%.0f\", (n > 0 ? n : 0) }"
}

# A round that ends at step 5 is short, so both must do as many whole ones: the loop in C is told how
# many threads are to meet, and waits for a quiet file as often as ours does.
side_by_side() { # FOLDER
  local folder=$1 plain plain_whole c ours c_whole ours_whole sum_c=0 sum_ours=0 turn
  printf '\nthe nine steps, rounds a second, files on %s (%s)\n' \
    "$(stat -f -c %T "$folder")" "$folder"
  printf '%6s %10s %10s %7s %8s %8s %6s   %s\n' turn C ours ratio 'whole C' ours load \
    'C with random starts'
  for turn in $(seq "$TURNS"); do
    read -r plain plain_whole < <("$work/nine" "$folder" 1 | rate_of_c)
    read -r ours ours_whole < <("$ROOT/shootdown" run "$SEED" \
      --iterations $((plain * SECONDS_EACH + 100)) --dir "$folder" | rate)
    read -r c c_whole < <("$work/nine" "$folder" "$SECONDS_EACH" \
      "$(met "$ours_whole" "$plain_whole")" 25 | rate_of_c)
    sum_c=$((sum_c + c)) sum_ours=$((sum_ours + ours))
    printf '%6s %10s %10s %7s %6s %% %6s %% %6s   %s, %s %% whole\n' "$turn" "$c" "$ours" \
      "$(awk "BEGIN { printf \"%.2f\", $ours / ($c + 1e-9) }")" "$c_whole" "$ours_whole" \
      "$(load)" "$plain" "$plain_whole"
  done
  printf '%6s %10s %10s %7s\n' mean $((sum_c / TURNS)) $((sum_ours / TURNS)) \
    "$(awk "BEGIN { printf \"%.2f\", $sum_ours / ($sum_c + 1e-9) }")"
}

printf '%s, %s CPUs, load %s\n' "$(uname -sr)" "$(nproc)" "$(load)"
if [ -w /dev/shm ]; then side_by_side /dev/shm; fi
side_by_side "$work"

printf '\nstore buffering\n'
"$ROOT/shootdown" run "$ROOT/litmus/machine/SB.litmus" --iterations 200k |
  awk '/>/ { sub(/^ +/, ""); n[$0] = $1; all += $1; if (/r1=0; 1:r1=0/) weak = $1 }
       END { printf "0,0 in %d of %d rounds: %.2f %%\n", weak, all, 100 * weak / (all + 1e-9) }'

printf '\na million rounds that fault\n'
"$ROOT/shootdown" run "$ROOT/bench/host/fault.litmus" --iterations 1M |
  grep -E '>|^Host|^Worker'
