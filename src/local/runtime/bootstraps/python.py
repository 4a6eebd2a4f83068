# The Python runtime of the local endpoint: loads the handler and serves the Lambda Runtime API, with the visible
# behaviour of AWS's own runtime interface client (error names and shapes, log format, context object).
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

ENV = os.environ
PREFIX = "/2018-06-01/runtime/"


class Api:
    """One connection, kept open."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def next(self):
        self.connection.request("GET", PREFIX + "invocation/next")
        response = self.connection.getresponse()
        return response.headers, response.read()

    def post(self, resource, body, error_type=None):
        headers = {"Content-Type": "application/json"}
        if error_type is not None:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type
        self.connection.request("POST", PREFIX + resource, body, headers)
        self.connection.getresponse().read()

    def post_error(self, resource, error):
        self.post(resource, json.dumps(error).encode("utf-8"), error["errorType"])


class Fault(Exception):
    def __init__(self, error_type, message, stack=()):
        super().__init__(message)
        self.shape = {
            "errorMessage": message,
            "errorType": error_type,
            "requestId": "",
            "stackTrace": list(stack),
        }


class ClientContext:
    def __init__(self, fields):
        self.client = fields.get("client")
        self.custom = fields.get("custom")
        self.env = fields.get("env")


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
        client_context = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = ClientContext(json.loads(client_context)) if client_context else None
        self.identity = Identity()
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class RequestId(logging.Filter):
    current = None

    def filter(self, record):
        record.aws_request_id = RequestId.current or ""
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if record.exc_info:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, default=str)


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(RequestId())
    if ENV.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(
            logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s",
                "%Y-%m-%dT%H:%M:%S",
            )
        )
    logging.getLogger().addHandler(handler)
    level = ENV.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if level:
        logging.getLogger().setLevel({"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(level, level))


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(name, error))
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '{}': {}".format(module_name, error))
    except SyntaxError as error:
        where = '  File "{}" Line {}\n    {}'.format(error.filename, error.lineno, error.text)
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '{}': {}".format(module_name, error), [where])
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '{}' missing on module '{}'".format(function_name, module_name))


def shape_of(error, request_id):
    """Frames of this file are not the function's."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    frames = [frame for frame in frames if not frame.filename.startswith("<frozen importlib") and "/importlib/" not in frame.filename]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames),
    }


def log_error(shape):
    if ENV.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON":
        print(json.dumps({"level": "ERROR", "requestId": shape["requestId"], "message": shape["errorMessage"], **shape}))
        return
    print("[ERROR] {}: {}".format(shape["errorType"], shape["errorMessage"]))
    if shape["stackTrace"]:
        print("Traceback (most recent call last):")
        print("".join(line if line.endswith("\n") else line + "\n" for line in shape["stackTrace"]), end="")


def serve_one(api, handler):
    headers, body = api.next()
    context = Context(headers)
    request_id = context.aws_request_id
    RequestId.current = request_id
    ENV["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
    invocation = "invocation/{}/".format(request_id)
    try:
        result = handler(json.loads(body), context)
    except Exception as error:
        shape = shape_of(error, request_id)
        log_error(shape)
        api.post_error(invocation + "error", shape)
        return
    try:
        answer = json.dumps(result, ensure_ascii=False).encode("utf-8")
    except Exception as error:
        message = "Unable to marshal response: {}".format(error)
        shape = dict(Fault("Runtime.MarshalError", message).shape, requestId=request_id)
        log_error(shape)
        api.post_error(invocation + "error", shape)
        return
    api.post(invocation + "response", answer)


def main():
    sys.path.insert(0, ENV["LAMBDA_TASK_ROOT"])
    set_up_logging()
    api = Api(ENV["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(ENV["_HANDLER"])
    except Fault as fault:
        shape = fault.shape
    except Exception as error:
        shape = shape_of(error, "")
    else:
        while True:
            serve_one(api, handler)
    log_error(shape)
    api.post_error("init/error", shape)
    sys.exit(1)


main()
