#!/bin/sh
# The last step before the runtime: enters the control groups, so that not even the interpreter's start escapes them,
# says on descriptor 3 that the runtime starts now, and becomes it. The time is told as well (nanoseconds of the epoch, where
# `date` knows them): whoever reads it may be busy, and must not take the moment of reading for it.
# usage: enter.sh <file size limit in 512-byte blocks> <number of groups> <file to enter one>... <command>...
set -e
# A core dump would land in the code folder.
ulimit -c 0
ulimit -f "$1"
# Lambda's own (AWS docs, gettingstarted-limits: file descriptors). A host that allows fewer keeps its own.
ulimit -n 1024 2>/dev/null || :
groups=$2
shift 2
while [ "$groups" -gt 0 ]; do
  echo 0 > "$1"
  shift
  groups=$((groups - 1))
done
now=$(date +%s%N 2>/dev/null) || now=
# The function's own search paths must not reach the tools that led here.
[ -z "${_TUNE_LD_LIBRARY_PATH+set}" ] || export LD_LIBRARY_PATH="$_TUNE_LD_LIBRARY_PATH"
[ -z "${_TUNE_LD_PRELOAD+set}" ] || export LD_PRELOAD="$_TUNE_LD_PRELOAD"
PATH=$_TUNE_PATH
unset OLDPWD _TUNE_LD_LIBRARY_PATH _TUNE_LD_PRELOAD _TUNE_PATH
echo "$now" >&3
exec 3>&-
exec "$@"
