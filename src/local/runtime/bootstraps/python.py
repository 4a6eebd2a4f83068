# The Python runtime of the local endpoint: loads the handler and serves the Lambda Runtime API, with the visible
# behaviour of AWS's own runtime interface client (error names and shapes, answers, logs, context object).
import http.client
import importlib
import importlib.machinery
import json
import logging
import os
import site
import sys
import time
import traceback

import python_answers
import python_logging

ENV = os.environ
PREFIX = "/2018-06-01/runtime/"
UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, "
    "a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, runtime updates "
    "can be triggered by a function change, or can be applied automatically. To determine if the runtime has been updated, "
    "check the runtime version in the INIT_START log entry. If this error correlates with a change in the runtime version, "
    "you may be able to mitigate this error by temporarily rolling back to the previous runtime version. For more "
    "information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


class Api:
    """One connection, kept open."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def next(self):
        self.connection.request("GET", PREFIX + "invocation/next")
        response = self.connection.getresponse()
        return response.headers, response.read()

    def post(self, resource, body, content_type="application/json", error_type=None):
        headers = {"Content-Type": content_type}
        if error_type is not None:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type
        self.connection.request("POST", PREFIX + resource, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def post_answer(self, invocation, answer, content_type):
        """What cannot be encoded or is refused (413) ends the process, as it ends AWS's client."""
        body = answer if isinstance(answer, bytes) else answer.encode("utf-8")
        status, refusal = self.post(invocation + "response", body, content_type)
        if status >= 300:
            told = "Failed to post handler success response. Http response code: {}. {}".format(status, refusal.decode("utf-8"))
            sys.stderr.write("[ERROR] [{}] LAMBDA_RUNTIME {}\n".format(int(time.time() * 1000), told))
            raise RuntimeError("Failed to post invocation response")

    def post_error(self, resource, shape):
        self.post(resource, python_answers.encode(shape).encode("utf-8"), error_type=shape["errorType"])


class Fault(Exception):
    def __init__(self, error_type, message, stack=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.stack = list(stack)


# ---- the context object


class Shown:
    __slots__ = ()

    def __repr__(self):
        return shown(self, self.__slots__)


def shown(thing, names):
    return "{}([{}])".format(type(thing).__name__, ",".join("{}={}".format(name, getattr(thing, name)) for name in names))


class CognitoIdentity(Shown):
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]


class Client(Shown):
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]


class ClientContext(Shown):
    __slots__ = ["custom", "env", "client"]


def filled(kind, fields):
    if fields is None:
        return None
    made = kind()
    for name in kind.__slots__:
        setattr(made, name, fields.get(name))
    return made


def header_json(headers, header, name):
    text = headers.get(header)
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse {} JSON: {}".format(name, error))


class LambdaContext:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.log_group_name = ENV.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = ENV.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = ENV.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = ENV.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = ENV.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        context = filled(ClientContext, header_json(headers, "Lambda-Runtime-Client-Context", "Client Context"))
        if context is not None:
            context.client = filled(Client, context.client)
        self.client_context = context
        cognito = header_json(headers, "Lambda-Runtime-Cognito-Identity", "Cognito Identity") or {}
        self.identity = filled(CognitoIdentity, {})
        self.identity.cognito_identity_id = cognito.get("cognitoIdentityId")
        self.identity.cognito_identity_pool_id = cognito.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        python_logging.write(str(message))

    def __repr__(self):
        # The tenant comes last there.
        names = [name for name in vars(self) if not name.startswith("_") and name != "tenant_id"]
        return shown(self, [*names, "tenant_id"])


# ---- what the runtime brings, and what Lambda's machines lack

BROUGHT = {
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"),
    # With the interpreter.
    *("pip", "setuptools", "pkg_resources", "_distutils_hack"),
}


class BroughtFinder:
    """Of this machine's own packages only those that are there on Lambda, found last."""

    def __init__(self, folders):
        self.folders = folders

    def find_spec(self, name, path=None, target=None):
        if path is not None or name not in BROUGHT:
            return None
        return importlib.machinery.PathFinder.find_spec(name, self.folders, target)


def leave_host_packages():
    own = [folder for folder in sys.path if os.path.basename(folder) in ("site-packages", "dist-packages")]
    sys.path[:] = [folder for folder in sys.path if folder not in own]
    sys.meta_path.append(BroughtFinder(own))


def add_layers(opt):
    version = ENV["AWS_EXECUTION_ENV"].rpartition("python")[2]
    for folder in (opt + "/python", opt + "/python/lib/python" + version + "/site-packages"):
        if os.path.isdir(folder):
            # With the .pth files in it, which add to the end.
            site.addsitedir(folder)
            sys.path[:] = [folder] + [path for path in sys.path if path != folder]


def refuse_semaphores():
    """Lambda has no /dev/shm, and its C library answers so. Here it may be another library's answer."""
    try:
        import _multiprocessing
    except ImportError:
        return

    class SemLock:
        SEM_VALUE_MAX = getattr(_multiprocessing.SemLock, "SEM_VALUE_MAX", 2147483647)

        def __new__(cls, *_, **__):
            raise OSError(38, "Function not implemented")

    _multiprocessing.SemLock = SemLock


# ---- the handler


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(name, error))
    try:
        if module_name.split(".")[0] in sys.builtin_module_names:
            message = "Cannot use built-in module {} as a handler module".format(module_name)
            raise Fault("Runtime.BuiltInModuleConflict", message)
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = "Unable to import module '{}': {}".format(module_name, error)
        missing = (getattr(error, "name", None) or "").split(".")[0]
        if missing in BROUGHT:
            message += " (`{0}` is part of Lambda's runtime and not installed here: {1} -m pip install {0})".format(
                missing, os.path.basename(sys.executable)
            )
        raise Fault("Runtime.ImportModuleError", message)
    except SyntaxError as error:
        where = '  File "{}" Line {}\n    {}'.format(error.filename, error.lineno, error.text)
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '{}': {}".format(module_name, error), [where])
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '{}' missing on module '{}'".format(function_name, module_name))


def shape_of(error, request_id=""):
    if isinstance(error, Fault):
        return shape(error.error_type, error.message, error.stack, request_id)
    frames = traceback.extract_tb(error.__traceback__)
    # The first frames are this file's.
    first = next((index for index, frame in enumerate(frames) if frame.filename != __file__), 0)
    return shape(type(error).__name__, str(error), traceback.format_list(frames[first:]), request_id)


def shape(error_type, message, stack, request_id):
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": stack}


def answer_of(handler, headers, body):
    context = LambdaContext(headers)
    try:
        event = json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: {}".format(error))
    response = handler(event, context)
    if isinstance(response, bytes):
        return response, "application/unknown"
    try:
        return python_answers.encode(response), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: {}".format(error))


def serve_one(api, handler):
    headers, body = api.next()
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    python_logging.current_request_id = request_id
    ENV["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
    invocation = "invocation/{}/".format(request_id)
    try:
        answer, content_type = answer_of(handler, headers, body)
    except Exception as error:
        failure = shape_of(error, request_id)
        python_logging.log_error(failure)
        api.post_error(invocation + "error", failure)
        return
    api.post_answer(invocation, answer, content_type)


def main():
    leave_host_packages()
    refuse_semaphores()
    add_layers(ENV.pop("_TUNE_OPT", "/opt"))
    sys.path.insert(0, ENV["LAMBDA_TASK_ROOT"])
    python_logging.set_up()
    api = Api(ENV["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(ENV["_HANDLER"])
    except Exception as error:
        failure = shape_of(error)
    else:
        while True:
            serve_one(api, handler)
    logging.warning(UNHANDLED)
    python_logging.log_error(failure)
    api.post_error("init/error", failure)
    sys.exit(1)


main()
