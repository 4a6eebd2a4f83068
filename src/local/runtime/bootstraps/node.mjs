// The Node.js runtime of the local endpoint: loads the handler and serves the Lambda Runtime API, with the visible
// behaviour of AWS's own runtime interface clients: one for Node.js 22 and before, another one from 24 on.
import { call, named, post, postError } from './nodeApi.mjs';
import { findBrought } from './nodeBrought.mjs';
import { flushed, logError, patchConsole, setRequestId } from './nodeConsole.mjs';
import { defineGlobals, handlerKind, loadHandler } from './nodeHandler.mjs';

const env = process.env;
const major = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV)?.[1] ?? 0);
/** A parent from which the AWS SDK is found; nothing that the function sees. */
const sdkParent = env._TUNE_SDK ?? '';
delete env._TUNE_SDK;

let onEmptyEventLoop = () => {};
let onFatal = (error) => postError('init/error', error);

// ---- invocations

async function take() {
  const { headers, body } = await call('GET', 'invocation/next');
  const requestId = headers['lambda-runtime-aws-request-id'];
  setRequestId(requestId);
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const id = encodeURIComponent(requestId);
  onFatal = (error) => postError(`invocation/${id}/error`, error);
  return { id, headers, body: body.toString('utf8') };
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: jsonHeader(headers['lambda-runtime-client-context'], 'ClientContext'),
    identity: jsonHeader(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function jsonHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

function respond(id, result) {
  return post(`invocation/${id}/response`, serialized(result)).then(flushed);
}

function fail(id, error) {
  logError('Invoke Error', error);
  return postError(`invocation/${id}/error`, error).then(flushed);
}

function serialized(result) {
  let text;
  try {
    text = JSON.stringify(result === undefined ? null : result);
  } catch {
    const message = 'Unable to stringify response body';
    throw major >= 24 ? named('Runtime.JSONStringifyError', message) : new Error(message);
  }
  // A function or a symbol: the native client takes text alone.
  if (typeof text !== 'string') throw new TypeError('Wrong arguments');
  return text;
}

// ---- Node.js 24 and later: promises alone. One that never settles ends the process with Node's own status 13.

async function serve(handler, kind) {
  for (;;) {
    const { id, headers, body } = await take();
    const context = contextOf(headers);
    if (kind.isStreaming) {
      await serveStream(handler, kind, id, JSON.parse(body), context).catch(crash);
      continue;
    }
    try {
      const result = await handler(JSON.parse(body), context);
      await turnOver();
      await respond(id, result);
    } catch (error) {
      await turnOver();
      await fail(id, error);
    }
  }
}

function turnOver() {
  return new Promise((resolve) => setImmediate(resolve));
}

// ---- Node.js 22 and before: the first of callback, promise and context.done counts

async function serveWithCallbacks(handler, kind) {
  const { id, headers, body } = await take();
  const next = () => setImmediate(() => serveWithCallbacks(handler, kind).catch(crash));
  if (kind.isStreaming) return serveStreamWithListeners(handler, kind, id, body, headers, next);
  const answered = (sent) => sent.then(next, crash);
  let isFinished = false;
  let isComplete = false;
  let waits = true;

  function complete(result) {
    if (isComplete) {
      console.error(
        'Invocation has already been reported as done. Cannot call complete more than once per invocation.',
      );
      return;
    }
    isComplete = true;
    answered(respond(id, result));
  }
  function done(error, result) {
    onEmptyEventLoop = () => {};
    if (error !== undefined && error !== null) answered(fail(id, error));
    else complete(result);
  }
  /** An answer waits until nothing is left to do, unless the function says otherwise. */
  function callback(error, result) {
    if ((error !== undefined && error !== null) || !waits) return done(error, result);
    onEmptyEventLoop = () => setImmediate(() => complete(result));
  }
  const onlyFirst =
    (act) =>
    (...args) => {
      if (isFinished) return;
      act(...args);
      // Not before: what cannot be written as JSON is no answer yet.
      isFinished = true;
    };
  const first = onlyFirst(callback);
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
    succeed: onlyFirst((result) => done(null, result)),
    fail: onlyFirst((error) => done(error ?? 'handled')),
    done: onlyFirst(done),
  };
  // Nothing is left to do and nothing was answered: a promise that nobody can settle any more, or a callback forgotten.
  onEmptyEventLoop = () => {
    isComplete = true;
    answered(kind.isAsync ? fail(id, neverSettled()) : respond(id, null));
  };
  try {
    const result = handler(JSON.parse(body), Object.assign(context, contextOf(headers)), first);
    if (typeof result?.then === 'function') result.then(context.succeed, context.fail).catch(context.fail);
  } catch (error) {
    first(error);
  }
}

function neverSettled() {
  return named(
    'Runtime.NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

// ---- streams

async function serveStream(handler, kind, id, event, context) {
  const { responseStream } = await import('./nodeStream.mjs');
  const response = responseStream(id, kind.highWaterMark);
  // Nobody waits for it yet.
  response.answered.catch(() => {});
  let isAwaited = false;
  onEmptyEventLoop = () => {
    if (!response.stream.writableEnded) response.fail(neverSettled());
  };
  try {
    const running = handler(event, response.stream, context);
    // Texts, not errors, are what Lambda's client says it with.
    if (typeof running?.then !== 'function') throw 'Streaming does not support non-async handlers.';
    if ((await running) !== undefined) console.warn('Streaming handlers ignore return values.');
    isAwaited = true;
    // What is still being piped belongs to the answer. One that is never ended is waited for until the timeout.
    await response.answered;
    if (!response.stream.writableFinished) throw 'Response stream is not finished.';
  } catch (error) {
    logError('Invoke Error', error);
    response.fail(error);
  }
  // An answer that is destroyed before the handler settles (a pipeline that breaks) is one that nobody in Lambda's client waits for: that
  // ends it. One that is destroyed later it goes on after.
  await response.answered.catch(isAwaited ? () => {} : rejected);
  await flushed();
}

/** By default the next event waits for an empty event loop. */
async function serveStreamWithListeners(handler, kind, id, body, headers, next) {
  const context = { callbackWaitsForEmptyEventLoop: true, ...contextOf(headers) };
  await serveStream(handler, kind, id, JSON.parse(body), context);
  if (context.callbackWaitsForEmptyEventLoop) onEmptyEventLoop = () => setImmediate(next);
  else next();
}

// ---- the process

function crash(error) {
  logError('Uncaught Exception', error);
  end(error, 129);
}

function end(error, status) {
  onFatal(error)
    .finally(flushed)
    .finally(() => process.exit(status));
}

function refuseCallbacks(kind) {
  if (kind.isStreaming || kind.parameters < 3) return;
  if (major >= 24) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    );
  }
  if (kind.isAsync || kind.parameters > 3 || env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING !== undefined) return;
  console.warn(
    'AWS Lambda plans to remove support for callback-based function handlers starting with Node.js 24. You will need to update this function to use an async handler to use Node.js 24 or later. For more information and to provide feedback on this change, see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To disable this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.',
  );
}

/** Never settles: the process ends. */
function rejected(reason) {
  const cause = reason instanceof Error ? reason : undefined;
  const error = named('Runtime.UnhandledPromiseRejection', String(reason), cause);
  Object.assign(error, { reason, promise: {} });
  logError('Unhandled Promise Rejection', error);
  end(error, 128);
  return new Promise(() => {});
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', rejected);

patchConsole();
defineGlobals();
findBrought(sdkParent);
try {
  const handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER, sdkParent);
  const kind = handlerKind(handler);
  refuseCallbacks(kind);
  if (major >= 24) {
    await serve(handler, kind);
  } else {
    process.on('beforeExit', () => onEmptyEventLoop());
    serveWithCallbacks(handler, kind).catch(crash);
  }
} catch (error) {
  logError(major >= 24 ? 'Init Error' : 'Uncaught Exception', error);
  end(error, major >= 24 ? 1 : 129);
}
