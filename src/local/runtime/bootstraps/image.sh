#!/bin/sh
# Makes a file that holds an empty file system which everybody may write, as /tmp is. Runs in a mount namespace of its own.
# usage: image.sh <file> <size in MB> <empty folder to mount it on>
set -e
truncate -s "${2}M" "$1"
mkfs.ext4 -q -F -m 0 -O ^has_journal -E nodiscard "$1" >/dev/null 2>&1
mount -o loop,noatime "$1" "$3"
rmdir "$3/lost+found"
chmod 1777 "$3"
umount "$3"
