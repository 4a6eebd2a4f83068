#!/bin/sh
# Starts a runtime as Lambda's own bootstraps do where AWS_LAMBDA_EXEC_WRAPPER names a program: that one is started, with the
# runtime's command as its arguments.
wrapper=$AWS_LAMBDA_EXEC_WRAPPER
# Where the package cannot be at /var/task.
case $wrapper in /var/task/*) [ -f "$wrapper" ] || wrapper=$LAMBDA_TASK_ROOT/${wrapper#/var/task/} ;; esac
if [ ! -f "$wrapper" ]; then
  echo "$wrapper: does not exist"
  exit 127
fi
if [ ! -x "$wrapper" ]; then
  echo "$wrapper: is not an executable"
  exit 126
fi
# What a shell says of it is only that something is not found. (What else a file begins with does not matter: a program has no such line.)
IFS= read -r first < "$wrapper" 2>/dev/null || :
case $first in
  '#!'*"$(printf '\r')")
    echo "$wrapper: cannot be started, because its line ends are CRLF (Windows); save it with LF"
    exit 127
    ;;
esac
exec "$wrapper" "$@"
