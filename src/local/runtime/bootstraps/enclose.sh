#!/bin/sh
# Runs in a mount namespace of its own and gives the environment the file system it has on Lambda: its own /tmp, which alone
# is writable, the package in /var/task, its layers in /opt, and all else read-only. Nothing that runs behind it can delete a
# file of the host.
# The size is enforced by a file system in an image file (not by tmpfs, whose pages would count as the function's memory).
# What is mounted stands in tables that lie in the environment's folder (enclosure/mountTable.ts), beside folders to mount it on.
# usage: enclose.sh <environment folder> <image of an empty file system, - for none> <where it starts> <folder of the layers, - for none>
#   <rights: drop, keep, or uid:gid to become again> <more options of the program that drops them> <number of control groups> <file to enter one>...
#   <number of folders below /tmp and /opt that stay visible> <folder>... <command>...
set -e
folder=$1 image=$2 start=$3 opt=$4 rights=$5 more=$6 groups=$7
shift 7
# In the order of the table; what cannot be mounted ends it all.
table() { mount -a -T "$folder/mounts.$1"; }
cd "$folder"
[ "$image" = - ] || cp --sparse=always "$image" tmp.img
if [ -f mounts.lower ]; then
  table lower
  cd "$folder"
  mkdir var/task var/runtime
fi
[ ! -f mounts.inner ] || table inner
for_groups=
while [ "$groups" -gt 0 ]; do
  for_groups="$for_groups$1
"
  shift
  groups=$((groups - 1))
done
# Shows a folder or file of the host in another place.
show() {
  if [ -d "$1" ]; then
    mkdir -p "$2"
  else
    mkdir -p "${2%/*}"
    : > "$2"
  fi
  mount --rbind "$1" "$2"
}
kept=$1
shift
while [ "$kept" -gt 0 ]; do
  case $1 in
    /tmp/*) show "$1" "$folder$1" ;;
    /opt/*)
      # What the layers hold is shown piece by piece then, so that there is room beside it.
      if [ ! -d "$folder/opt" ]; then
        mkdir "$folder/opt"
        for piece in "$opt"/* "$opt"/.[!.]*; do
          if [ -L "$piece" ]; then cp -P "$piece" "$folder/opt/"; elif [ -e "$piece" ]; then show "$piece" "$folder/opt/${piece##*/}"; fi
        done
      fi
      show "$1" "$folder$1"
      ;;
  esac
  shift
  kept=$((kept - 1))
done
table outer
cd /
case $folder in /tmp/*) ;; *) umount -l "$folder" 2>/dev/null || : ;; esac
# The groups are written to before their own file system is closed; what the next tools take counts, but is gone before init.
IFS='
'
for group in $for_groups; do echo 0 > "$group"; done
unset IFS
# All at once, but for what has the mark of mountTable.ts, and one by one what that left (hidden below another mount, busy, or by
# an older mount that cannot do so).
mount -a -O nonodiratime -o remount,bind,ro >/dev/null 2>&1 || :
while read -r _ _ _ _ target options _; do
  case $options in ro | ro,*) continue ;; esac
  [ "$target" != /tmp ] || continue
  # shellcheck disable=SC2059  octal escapes are how mountinfo writes blanks
  case $target in *%*) ;; *\\*) target=$(printf "$target") ;; esac
  [ ! -w "$target" ] || mount -o "remount,bind,ro${options#rw}" "$target" >/dev/null 2>&1 || :
  if [ -w "$target" ]; then
    echo "tune: $target cannot be made read-only for the function" >&2
    exit 1
  fi
done < /proc/self/mountinfo
[ -w /tmp ] || mount -o remount,bind,rw /tmp
cd "$start"
case $rights in
  keep) exec "$@" ;;
  # What could undo this is given up; what is left only concerns its own files.
  # Nor does it read what its user may not: on Lambda that is nobody special either.
  # shellcheck disable=SC2086  words
  drop) exec setpriv $more --bounding-set=-all,+chown,+fowner,+fsetid,+kill,+setgid,+setuid --inh-caps=-all "$@" ;;
  # Its own user again, without rights over the mounts. Whose maps are set is written to /proc.
  *)
    mount -o remount,bind,rw /proc
    exec unshare --user "--map-user=${rights%:*}" "--map-group=${rights#*:}" "$@"
    ;;
esac
