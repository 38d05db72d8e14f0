#!/usr/bin/env bash
# Runs a command for at most some minutes: limited.sh MINUTES COMMAND...
#
# If it takes longer it is stuck. Then the stacks of all threads of whatever it has started are
# printed, which says where, and those processes are killed.
set -uo pipefail
minutes=$1
shift

# What a process has started, and what that has; the watcher is passed over.
descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    [ "$child" = "$watcher" ] || { echo "$child"; descendants "$child"; }
  done
}

print_stacks() {
  if command -v gdb > /dev/null; then
    timeout 120 gdb -p "$1" -batch -ex 'thread apply all bt 30' 2> /dev/null
  elif command -v lldb > /dev/null; then
    timeout 120 lldb -p "$1" --batch -o 'bt all' 2> /dev/null
  fi
}

watch_over() {
  local stuck process sleeper watcher=$BASHPID
  trap 'kill "$sleeper" 2> /dev/null; exit' TERM
  sleep "$((minutes * 60))" &
  sleeper=$!
  wait "$sleeper"
  stuck=$(descendants $$)
  printf '\nThis has taken more than %d minutes: %s\n' "$minutes" "$command_line"
  for process in $stuck; do
    printf '\n--- %s\n' "$(tr '\0' ' ' < "/proc/$process/cmdline" 2> /dev/null | cut -c1-200)"
    print_stacks "$process" | tail -n 400
  done
  # shellcheck disable=SC2086
  kill -KILL $stuck 2> /dev/null
}

command_line=$*
watch_over >&2 &
watcher=$!
disown
"$@"
status=$?
kill "$watcher" 2> /dev/null
exit "$status"
