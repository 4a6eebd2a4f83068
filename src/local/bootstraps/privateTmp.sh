#!/bin/sh
# Runs in a mount namespace of its own: gives the environment its own /tmp and a read-only code folder, as on Lambda.
# The size is enforced by a file system in an image file (not by tmpfs, whose pages would count as the function's memory).
# usage: privateTmp.sh <environment folder> <size in MB, 0: not limited> <code folder> <number of kept folders> <folder>... <command>...
set -e
folder=$1 size=$2 code=$3 kept=$4
shift 4
if [ "$size" -gt 0 ]; then
  truncate -s "${size}M" "$folder/tmp.img"
  mkfs.ext4 -q -F -m 0 -O ^has_journal -E nodiscard "$folder/tmp.img" >/dev/null 2>&1
  mount -o loop,noatime "$folder/tmp.img" "$folder/tmp"
  rmdir "$folder/tmp/lost+found"
fi
chmod 1777 "$folder/tmp"
mount --bind "$code" "$code"
mount -o remount,bind,ro "$code"
# Folders below /tmp that the runtime needs stay visible where they are.
while [ "$kept" -gt 0 ]; do
  mkdir -p "$folder/tmp${1#/tmp}"
  mount --bind "$1" "$folder/tmp${1#/tmp}"
  shift
  kept=$((kept - 1))
done
mount --rbind "$folder/tmp" /tmp
cd "$code"
exec "$@"
