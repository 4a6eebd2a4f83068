// The Lambda Runtime API as the Node.js runtime client speaks it.
import http from 'node:http';
import { types } from 'node:util';

const [, hostname, port] = /^\[?(.*?)\]?:(\d+)$/.exec(process.env.AWS_LAMBDA_RUNTIME_API);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** @param through the connections to take in place of those of all other calls */
export function open(method, resource, headers, onResponse, through = agent) {
  const path = `/2018-06-01/runtime/${resource}`;
  return http.request({ agent: through, hostname, port, method, path, headers }, onResponse);
}

export function call(method, resource, body, headers) {
  return new Promise((resolve, reject) => {
    const request = open(method, resource, headers, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

export function post(resource, body, errorType) {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  if (errorType !== undefined) headers['Lambda-Runtime-Function-Error-Type'] = encodeURIComponent(errorType);
  return call('POST', resource, body, headers);
}

export function postError(resource, error) {
  const shape = errorShape(error);
  return post(resource, JSON.stringify(shape), shape.errorType);
}

export function errorShape(error) {
  try {
    // Functions of old, called with `new` and inheriting from Error, make objects that are none.
    if (types.isNativeError(error) || (isText(error?.name) && isText(error.message) && isText(error.stack))) {
      const { name, message, stack } = error;
      return { errorType: printable(name), errorMessage: printable(message), trace: printable(stack).split('\n') };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

/** A character that headers cannot have. */
function printable(text) {
  return text?.replaceAll('\x7f', '%7F');
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** An error with one of the runtime's own names; with the stack of its cause, if it has one. */
export function named(name, message, cause) {
  const error = new Error(message);
  // Read before it has its name: newer Nodes write the first line when it is read.
  const stack = error.stack.replace(/^Error: /, '');
  error.name = name;
  error.stack = `${name}: ${cause?.stack ?? stack}`;
  return error;
}
