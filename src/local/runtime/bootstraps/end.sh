#!/bin/sh
# Ends everything of one environment, whatever its processes ignore or became, and removes its control groups.
# usage: end.sh <process group, or -> <mark in the processes' environment> <control group>...
group=$1 mark=$2
shift 2
# Half a mark is in the environment of processes of others, and an empty one in that of every function on this machine.
case $mark in
  tune-local-?*) ;;
  *) exit 2 ;;
esac
[ "$group" = - ] || kill -KILL -- "-$group" 2>/dev/null
tries=0
while [ "$tries" -lt 300 ]; do
  left=
  pids=
  for folder in "$@"; do
    [ -d "$folder" ] || continue
    # What is frozen does not die.
    [ ! -f "$folder/freezer.state" ] || echo THAWED > "$folder/freezer.state"
    while read -r pid; do pids="$pids $pid"; done < "$folder/cgroup.procs"
  done 2>/dev/null
  [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
  # A group with a process in it stays.
  [ "$#" -eq 0 ] || rmdir "$@" 2>/dev/null
  for folder in "$@"; do [ ! -d "$folder" ] || left=1; done
  if [ "$#" -eq 0 ]; then
    # Without control groups, what left the process group is found by the mark that every child inherits.
    pids=$(grep -l -s -a -F "_TUNE_ENVIRONMENT=$mark" /proc/[0-9]*/environ | cut -d / -f 3)
    [ -z "$pids" ] || { left=1; kill -KILL $pids 2>/dev/null; }
  fi
  [ -n "$left" ] || exit 0
  tries=$((tries + 1))
  sleep 0.01
done
exit 1
