#!/bin/sh
# Waits until the process that owns the environments is gone (its end of standard input closes, however it died), then
# ends every environment it left and removes its folder.
# usage: watchdog.sh <owner folder> <live | stale>   stale: the owner died long ago, so process ids mean nothing any more
trap '' INT TERM HUP
owner=$1 age=$2
scripts=${0%/*}
cd /
while read -r _; do :; done
[ -d "$owner" ] || exit 0
IFS='
'
for folder in "$owner"/*/; do
  # Written before there is anything to end.
  [ -f "${folder}cgroups" ] || continue
  name=${folder%/}
  group=-
  [ "$age" = stale ] || group=$(cat "${folder}leader" 2>/dev/null) || group=-
  set -f
  # By the names, not by what a file says: an owner that is killed while it writes leaves an empty one.
  sh "$scripts/end.sh" "${group:--}" "${owner##*/}/${name##*/}/" $(cat "${folder}cgroups" 2>/dev/null)
  set +f
done
set -f
# A group can be removed a moment after its last process has gone, which takes longer on a busy machine.
tries=0
while [ "$tries" -lt 300 ]; do
  left=
  for group in $(cat "$owner/cgroups" 2>/dev/null); do
    rmdir "$group/endpoint" 2>/dev/null
    [ ! -d "$group" ] || rmdir "$group" 2>/dev/null || left=1
  done
  [ -n "$left" ] || break
  tries=$((tries + 1))
  sleep 0.01
done
rm -rf "$owner"
