// The Node.js runtime of the local endpoint: loads the handler and serves the Lambda Runtime API, with the visible
// behaviour of AWS's own runtime interface client (error names and shapes, console format, callback rules).
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const env = process.env;
const [, hostname, port] = /^\[?(.*?)\]?:(\d+)$/.exec(env.AWS_LAMBDA_RUNTIME_API);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
let requestId;

// ---- the Runtime API

function call(method, resource, body, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { agent, hostname, port, method, path: `/2018-06-01/runtime/${resource}`, headers },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function post(resource, body, errorType) {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  if (errorType !== undefined) headers['Lambda-Runtime-Function-Error-Type'] = encodeURIComponent(errorType);
  return call('POST', resource, body, headers);
}

function postError(resource, error) {
  const shape = errorShape(error);
  return post(resource, JSON.stringify(shape), shape.errorType);
}

function errorShape(error) {
  if (
    error instanceof Error ||
    (error?.name !== undefined && error?.message !== undefined && error?.stack !== undefined)
  ) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

// ---- console

const isJson = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lowest = Math.max(0, levels.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() ?? 'TRACE'));

const consoleLevels = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

function patchConsole() {
  for (const [name, level] of Object.entries(consoleLevels)) console[name] = (...args) => log(level, args);
}

function log(level, args) {
  if (levels.indexOf(level) >= lowest) process.stdout.write(logLine(level, args));
}

function logLine(level, args) {
  const timestamp = new Date().toISOString();
  if (!isJson) return `${timestamp}\t${requestId}\t${level}\t${format(...args)}\n`;
  const record = { timestamp, level, requestId };
  const error = args.find((arg) => arg instanceof Error);
  record.message = args.length === 1 && error === undefined ? args[0] : format(...args);
  if (error !== undefined) {
    record.errorType = error.constructor.name;
    record.errorMessage = error.message;
    record.stackTrace = String(error.stack).split('\n');
  }
  try {
    return `${JSON.stringify(record)}\n`;
  } catch {
    return `${JSON.stringify({ ...record, message: format(...args) })}\n`;
  }
}

function logError(what, error) {
  const { trace, ...shape } = errorShape(error);
  log('ERROR', isJson ? [error] : [`${what} \t${JSON.stringify({ ...shape, stack: trace })}`]);
}

/** Writing to a full pipe is asynchronous; what an invocation printed has to be out before it is over. */
function flushed() {
  const pending = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  return Promise.all(pending.map((stream) => new Promise((resolve) => stream.write('', resolve))));
}

// ---- the handler

function named(name, message, cause) {
  const error = new Error(message);
  error.name = name;
  if (cause?.stack !== undefined) error.stack = `${name}: ${cause.stack}`;
  return error;
}

async function loadHandler(root, handler) {
  if (handler.includes('..')) {
    throw named(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = path.basename(handler);
  const folder = handler.slice(0, handler.length - file.length);
  const split = /^([^.]*)\.(.*)$/.exec(file);
  if (split === null) throw named('Runtime.MalformedHandlerName', 'Bad handler');
  const exports = await loadModule(root, folder, split[1]);
  const found = split[2].split('.').reduce((value, key) => value?.[key], exports);
  if (found === undefined || found === null)
    throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw named('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found;
}

async function loadModule(root, folder, name) {
  const base = path.resolve(root, folder, name);
  const require = createRequire(path.join(root, 'index.js'));
  try {
    const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find(
      (candidate) => path.extname(candidate) !== '' && existsSync(candidate),
    );
    if (file === undefined)
      return require(require.resolve(`${folder === '' ? './' : ''}${folder}${name}`, { paths: [root] }));
    const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && isModuleFolder(path.dirname(file), root));
    return isModule ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    // Only what `require` misses has this code; a missing ESM import keeps its own error, as on Lambda.
    if (error?.code === 'MODULE_NOT_FOUND') throw named('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    throw error;
  }
}

/** The nearest package.json decides what `.js` means. */
function isModuleFolder(folder, root) {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
    } catch {
      return false;
    }
  }
  return folder === root || path.dirname(folder) === folder ? false : isModuleFolder(path.dirname(folder), root);
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[streaming] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream.write(JSON.stringify(metadata));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

/** A streamed response is collected: Invoke answers with the whole of it. */
function runStreaming(handler, event, context) {
  const chunks = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  stream.setContentType = () => {};
  const finished = new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject));
  return Promise.resolve(handler(event, stream, context)).then(() => {
    if (!stream.writableEnded) throw new Error('Response stream is not finished.');
    return finished.then(() => Buffer.concat(chunks));
  });
}

// ---- invocations

let onEmptyEventLoop = () => {};
let onFatal = (error) => postError('init/error', error);

async function serve(handler) {
  const { headers, body } = await call('GET', 'invocation/next');
  requestId = headers['lambda-runtime-aws-request-id'];
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const id = encodeURIComponent(requestId);
  onFatal = (error) => postError(`invocation/${id}/error`, error);
  const next = () => setImmediate(() => serve(handler).catch(crash));

  let isDone = false;
  function finish(error, result) {
    if (isDone) return;
    isDone = true;
    onEmptyEventLoop = () => {};
    let sent;
    try {
      if (error === undefined || error === null) {
        sent = post(
          `invocation/${id}/response`,
          Buffer.isBuffer(result) && handler[streaming] ? result : serialize(result),
        );
      }
    } catch (unserializable) {
      error = named('Runtime.UnserializableResponse', unserializable.message);
    }
    if (sent === undefined) {
      logError('Invoke Error', error);
      sent = postError(`invocation/${id}/error`, error);
    }
    sent.then(flushed).then(next, crash);
  }

  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const clientContext = headers['lambda-runtime-client-context'];
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    succeed: (result) => finish(undefined, result),
    fail: (error) => finish(error ?? 'handled'),
    done: (error, result) => finish(error, result),
  };
  if (clientContext !== undefined) context.clientContext = JSON.parse(clientContext);

  /** A callback's answer waits until nothing is left to do, unless the function says otherwise. */
  function callback(error, result) {
    if (isDone) return;
    if ((error !== undefined && error !== null) || !context.callbackWaitsForEmptyEventLoop) finish(error, result);
    else onEmptyEventLoop = () => finish(undefined, result);
  }

  // Neither a promise nor a callback: the answer is null once there is nothing left to do.
  onEmptyEventLoop = () => finish(undefined, null);
  try {
    const event = JSON.parse(body.toString('utf8'));
    const result = handler[streaming] ? runStreaming(handler, event, context) : handler(event, context, callback);
    if (typeof result?.then === 'function') {
      // While a promise is pending an empty event loop still means the answer null.
      result.then(
        (value) => finish(undefined, value),
        (error) => finish(error ?? 'handled'),
      );
    }
  } catch (error) {
    finish(error ?? 'handled');
  }
}

function crash(error) {
  logError('Uncaught Exception', error);
  onFatal(error)
    .finally(flushed)
    .finally(() => process.exit(129));
}

process.on('beforeExit', () => onEmptyEventLoop());
process.on('uncaughtException', crash);
process.on('unhandledRejection', (reason) => {
  const error = named(
    'Runtime.UnhandledPromiseRejection',
    String(reason),
    reason instanceof Error ? reason : undefined,
  );
  logError('Unhandled Promise Rejection', error);
  onFatal(error)
    .finally(flushed)
    .finally(() => process.exit(128));
});

patchConsole();
loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER).then(serve).catch(crash);
