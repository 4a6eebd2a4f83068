#!/bin/sh
# Runs in a mount namespace of its own and gives the environment the file system it has on Lambda: its own /tmp, which alone
# is writable, the package in /var/task, its layers in /opt, and all else read-only. Nothing that runs behind it can delete a
# file of the host.
# The size is enforced by a file system in an image file (not by tmpfs, whose pages would count as the function's memory).
# usage: enclose.sh <environment folder> <size of /tmp in MB, 0: not limited> <code folder> <runtime folder>
#   <folder of the layers, - for none> <var: at /var/task and /var/runtime, or place: where they are>
#   <rights: drop, keep, or uid:gid to become again> <number of control groups> <cgroup.procs>...
#   <number of folders below /tmp and /opt that stay visible> <folder>... <command>...
# A file named hosts in the environment's folder becomes its /etc/hosts.
set -e
folder=$1 size=$2 code=$3 runtime=$4 opt=$5 view=$6 rights=$7 groups=$8
shift 8
# A mount of its own, which may stay writable: the image is open in it. It is taken away below.
mount --bind "$folder" "$folder"
cd "$folder"
# A file system in an image. What is here waits for the disk and for loop devices: done beside the rest.
sized() {
  # An empty one is made once.
  empty=../empty-$size.img
  if ! cp --sparse=always "$empty" tmp.img 2>/dev/null; then
    rm -f tmp.img
    truncate -s "${size}M" tmp.img
    mkfs.ext4 -q -F -m 0 -O ^has_journal -E nodiscard tmp.img >/dev/null 2>&1
    # Under a name of its own until it is whole: others start at the same time.
    if cp --sparse=always tmp.img copy.img 2>/dev/null; then mv -f copy.img "$empty"; else rm -f copy.img; fi
  fi
  mount -o loop,noatime "$folder/tmp.img" "$folder/tmp"
  rmdir tmp/lost+found
}
image=
if [ "$size" -gt 0 ]; then
  sized &
  image=$!
fi
if [ "$view" = var ]; then
  # /var as the host has it, with two more folders: relative paths, because the option knows no quoting.
  mkdir -p var merged
  # Overlaid folders must not lie in each other.
  case $folder in /var/*) mount -t tmpfs -o size=1m,mode=755 tune "$folder/var" && cd "$folder" ;; esac
  mkdir -p var/task var/runtime
  mount -t overlay -o lowerdir=var:/var tune "$folder/merged"
  mount --bind "$code" "$folder/merged/task"
  mount --bind "$runtime" "$folder/merged/runtime"
  code=/var/task
fi
[ -z "$image" ] || wait "$image"
chmod 1777 tmp
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
if [ "$opt" != - ]; then
  [ ! -d "$folder/opt" ] || opt=$folder/opt
  mount --rbind "$opt" /opt
fi
[ ! -f "$folder/hosts" ] || mount --bind "$folder/hosts" /etc/hosts
# Each covers what the other's source may lie in.
case $folder in /var/*) ;; *) [ "$view" = place ] || mount --rbind "$folder/merged" /var ;; esac
# Lambda has none; an empty one that nobody can write is the nearest that one mount can do.
if [ -d /dev/shm ]; then
  mkdir -p "$folder/shm"
  mount --bind "$folder/shm" /dev/shm
fi
mount --rbind "$folder/tmp" /tmp
case $folder in /var/*) [ "$view" = place ] || mount --rbind "$folder/merged" /var ;; esac
cd /
case $folder in /tmp/*) ;; *) umount -l "$folder" 2>/dev/null || : ;; esac
# The groups are written to before their own file system is closed; what the next tools take counts, but is gone before init.
IFS='
'
for group in $for_groups; do echo 0 > "$group"; done
unset IFS
# All at once, and one by one what that left (hidden below another mount, busy, or by an older mount that cannot do so).
mount -a -o remount,bind,ro >/dev/null 2>&1 || :
while read -r _ _ _ _ target options _; do
  case $options in ro | ro,*) continue ;; esac
  # shellcheck disable=SC2059  octal escapes are how mountinfo writes blanks
  case $target in *%*) ;; *) target=$(printf "$target") ;; esac
  [ ! -w "$target" ] || mount -o "remount,bind,ro${options#rw}" "$target" >/dev/null 2>&1 || :
  if [ -w "$target" ]; then
    echo "tune: $target cannot be made read-only for the function" >&2
    exit 1
  fi
done < /proc/self/mountinfo
mount -o remount,bind,rw /tmp
cd "$code"
case $rights in
  keep) exec "$@" ;;
  # What could undo this is given up; what is left only concerns its own files.
  # Nor does it read what its user may not: on Lambda that is nobody special either.
  drop) exec setpriv --bounding-set=-all,+chown,+fowner,+fsetid,+kill,+setgid,+setuid --inh-caps=-all "$@" ;;
  # Its own user again, without rights over the mounts. Whose maps are set is written to /proc.
  *)
    mount -o remount,bind,rw /proc
    exec unshare --user "--map-user=${rights%:*}" "--map-group=${rights#*:}" "$@"
    ;;
esac
