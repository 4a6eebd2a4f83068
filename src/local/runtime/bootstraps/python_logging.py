# What the Python runtime sets up for `logging`, and how it writes down errors: Lambda's two formats.
import json
import logging
import os
import sys
import time
import traceback

import python_answers

IS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
SECONDS = "%Y-%m-%dT%H:%M:%SZ"
to_json = json.JSONEncoder(ensure_ascii=False).encode
current_request_id = None


class Handler(logging.Handler):
    def emit(self, record):
        write(self.format(record))

    def write(self, message):
        write(message)


class RequestId(logging.Filter):
    def filter(self, record):
        record.aws_request_id = current_request_id or ""
        return True


# Whatever else a record has was given as `extra`.
KNOWN = {
    *logging.LogRecord("", 0, "", 0, "", (), None).__dict__,
    "aws_request_id",
    # Of a coroutine, from 3.12 on, it is not known there.
} - {"taskName"}


class JsonFormatter(logging.Formatter):
    def format(self, record):
        # Levels of one's own are written as the one below them.
        level = min(50, max(0, record.levelno)) // 10 * 10
        error_type, error, tb = record.exc_info or (None, None, None)
        line = {
            "timestamp": self.formatTime(record, SECONDS),
            "level": logging.getLevelName(level),
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(tb) if record.exc_info else None,
            "errorType": error_type.__name__ if error_type else None,
            "errorMessage": str(error) if record.exc_info else None,
            "requestId": record.aws_request_id,
            "location": "%s:%s:%d" % (record.pathname, record.funcName, record.lineno) if record.exc_info else None,
        }
        line.update((key, value) for key, value in record.__dict__.items() if key not in KNOWN and key not in line)
        return to_json({key: value for key, value in line.items() if value is not None}) + "\n"


def set_up():
    logging.Formatter.converter = time.gmtime
    handler = Handler()
    if IS_JSON:
        handler.setFormatter(JsonFormatter())
    else:
        line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = "DEBUG" if level == "TRACE" else level
    if level in logging._nameToLevel:
        root.setLevel(level)
    handler.addFilter(RequestId())
    root.addHandler(handler)


def write(message):
    sys.stdout.write(message)
    sys.stdout.flush()


def log_error(shape):
    if IS_JSON:
        timestamp = time.strftime(SECONDS, time.gmtime())
        write(python_answers.encode({"timestamp": timestamp, "log_level": "ERROR", **shape}) + "\n")
        return
    head = "[ERROR] %s: %s" % (shape["errorType"], shape["errorMessage"])
    if not shape["errorMessage"]:
        head = "[ERROR] %s" % shape["errorType"]
    lines = [head, "Traceback (most recent call last):"]
    for frame in shape["stackTrace"]:
        lines += [indented(line) for line in frame.splitlines()] if frame else [""]
    write("\n".join(lines) + "\n")


def indented(line):
    """With spaces that nobody trims."""
    text = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(text)) + text
