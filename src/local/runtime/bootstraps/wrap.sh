#!/bin/sh
# Starts a runtime as Lambda's own bootstraps do where AWS_LAMBDA_EXEC_WRAPPER names a program: that one is started, with the
# runtime's command as its arguments.
_tune_wrapper=$AWS_LAMBDA_EXEC_WRAPPER
# Where the package cannot be at /var/task.
case $_tune_wrapper in /var/task/*) [ -f "$_tune_wrapper" ] || _tune_wrapper=$LAMBDA_TASK_ROOT/${_tune_wrapper#/var/task/} ;; esac
if [ ! -f "$_tune_wrapper" ]; then
  echo "$_tune_wrapper: does not exist"
  exit 127
fi
if [ ! -x "$_tune_wrapper" ]; then
  echo "$_tune_wrapper: is not an executable"
  exit 126
fi
# What a shell says of it is only that something is not found. (What else a file begins with does not matter: a program has no such line.)
IFS= read -r _tune_first < "$_tune_wrapper" 2>/dev/null || :
case $_tune_first in
  '#!'*"$(printf '\r')")
    echo "$_tune_wrapper: cannot be started, because its line ends are CRLF (Windows); save it with LF"
    exit 127
    ;;
esac
exec "$_tune_wrapper" "$@"
