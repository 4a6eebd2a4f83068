// The console of the Node.js runtime: Lambda's two formats, and the level below which nothing is written.
import { format } from 'node:util';
import { errorShape } from './nodeApi.mjs';

const isJson = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lowest = Math.max(0, levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));
/** Where libraries look for it, too. */
const requestIdKey = Symbol.for('aws.lambda.runtime.requestId');

export function setRequestId(requestId) {
  globalThis[requestIdKey] = requestId;
}

export function patchConsole() {
  for (const level of levels) {
    // What is fatal is written at every level.
    const isWritten = level === 'FATAL' || levels.indexOf(level) >= lowest;
    console[level.toLowerCase()] = isWritten ? (message, ...params) => log(level, message, params) : () => {};
  }
  console.log = console.info;
}

export function logError(what, error) {
  const shown = error instanceof Error ? error : new Error(error);
  if (isJson) console.error(shown);
  else console.error(what, formatted(shown));
}

/** Writing to a full pipe is asynchronous; what an invocation printed has to be out before it is over. */
export function flushed() {
  const pending = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  return Promise.all(pending.map((stream) => new Promise((resolve) => stream.write('', resolve))));
}

function log(level, message, params) {
  const timestamp = new Date().toISOString();
  const requestId = globalThis[requestIdKey];
  const line = isJson
    ? jsonLine({ timestamp, level, requestId }, message, params)
    : `${timestamp}\t${requestId}\t${level}\t${format(message, ...params)}`;
  process.stdout.write(`${line}\n`);
}

function jsonLine(record, message, params) {
  if (params.length === 0) {
    try {
      return JSON.stringify({ ...record, message }, errorsToo);
    } catch {
      return JSON.stringify({ ...record, message: format(message) });
    }
  }
  const whole = { ...record, message: format(message, ...params) };
  const error = [message, ...params].find((param) => param instanceof Error);
  if (error !== undefined) Object.assign(whole, described(error));
  return JSON.stringify(whole);
}

function errorsToo(_, value) {
  return value instanceof Error ? { ...described(value), ...value } : value;
}

function described(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

/** With a tab before it, as it has always been. */
function formatted(error) {
  const withHidden = (_, value) =>
    value instanceof Error
      ? {
          errorType: value.name,
          errorMessage: value.message,
          code: value.code,
          ...value,
          stack: String(value.stack).split('\n'),
        }
      : value;
  try {
    return `\t${JSON.stringify(error, withHidden)}`;
  } catch {
    return `\t${JSON.stringify(errorShape(error))}`;
  }
}
