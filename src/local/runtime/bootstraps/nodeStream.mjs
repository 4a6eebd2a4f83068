// A response that is sent while the handler writes it.
import { Agent } from 'node:http';
import { errorShape, named, open } from './nodeApi.mjs';

/**
 * Streams have a connection of their own: it is the connection that has the high-water mark, by which a write says whether the next one
 * is to wait.
 */
let streams;

/** `answered` settles when the whole of it was taken. `fail` ends it with an error in its trailers. */
export function responseStream(id, highWaterMark) {
  streams ??= new Agent({ keepAlive: true, maxSockets: 1, highWaterMark });
  let isOpen = false;
  let answer;
  const answered = new Promise((resolve, reject) => {
    answer = { resolve, reject };
  });
  const headers = {
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
    Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
    'Content-Type': 'application/octet-stream',
  };
  const onResponse = (response) => {
    response.resume();
    response.on('end', answer.resolve);
  };
  const stream = open('POST', `invocation/${id}/response`, headers, onResponse, streams);
  stream.on('error', answer.reject);

  const write = stream.write.bind(stream);
  stream.setContentType = (contentType) => {
    if (isOpen) throw named('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    stream.setHeader('Content-Type', contentType);
  };
  stream.write = (chunk, encoding, done) => {
    // Nothing is no chunk: reading a member of it fails as in Lambda's client.
    void chunk.length;
    const isRaw = typeof chunk === 'string' || Buffer.isBuffer(chunk) || chunk.constructor === Uint8Array;
    const bytes = isRaw ? chunk : JSON.stringify(chunk);
    if (!isOpen && typeof stream._onBeforeFirstWrite === 'function')
      stream._onBeforeFirstWrite((first) => write(first));
    const isTaken = write(bytes, encoding, done);
    // What cannot be written has not begun the answer.
    isOpen = true;
    return isTaken;
  };

  const end = stream.end.bind(stream);
  // Whatever else is given does not get there.
  stream.end = (chunk) => end(chunk);

  function fail(error) {
    const shape = errorShape(error);
    stream.addTrailers({
      'Lambda-Runtime-Function-Error-Type': shape.errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(shape)).toString('base64'),
    });
    stream.end();
  }
  return { stream: writableAlone(stream), answered, fail };
}

const methods = [
  ...['cork', 'destroy', 'end', 'uncork', 'write', 'setContentType'],
  ...['addListener', 'emit', 'eventNames', 'getMaxListeners', 'listenerCount', 'listeners', 'off', 'on', 'once'],
  ...[
    'prependListener',
    'prependOnceListener',
    'rawListeners',
    'removeAllListeners',
    'removeListener',
    'setMaxListeners',
  ],
];
const settable = ['destroyed', 'writable', '_onBeforeFirstWrite'];
const readable = [
  ...['writableFinished', 'writableObjectMode', 'writableBuffer', 'writableEnded', 'writableNeedDrain'],
  ...['writableHighWaterMark', 'writableCorked', 'writableLength'],
];

/** What Lambda's client shows of the request that the stream is: no headers, no socket. */
function writableAlone(request) {
  const shown = Object.fromEntries(methods.map((name) => [name, request[name].bind(request)]));
  for (const name of [...settable, ...readable]) {
    const isSettable = settable.includes(name);
    const set = (value) => {
      request[name] = value;
    };
    Object.defineProperty(shown, name, { get: () => request[name], set: isSettable ? set : undefined });
  }
  return shown;
}
