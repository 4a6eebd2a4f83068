/**
 * Why a function that was called for the first time failed: what its error, its stack and its log give away. The kinds are
 * about what failed; what to do about it depends on where it ran and is said in `failureWords.ts`. Every text in a cause is
 * the function's own: take secrets out and escape before it is shown.
 */
export type FailureCause =
  | { readonly kind: 'handlerName'; readonly handler: string }
  | { readonly kind: 'handlerFile'; readonly handler: string }
  | { readonly kind: 'handlerFunction'; readonly handler: string }
  | { readonly kind: 'dependency'; readonly module: string }
  /** Lambda's runtimes have it, this machine does not. */
  | { readonly kind: 'broughtByLambda'; readonly module: string }
  | { readonly kind: 'otherPlatform' }
  | { readonly kind: 'syntax' }
  /** import in CommonJS, or require in an ES module. */
  | { readonly kind: 'moduleSystem' }
  /** require of an ES module, which this Node could do and Lambda's does not. */
  | { readonly kind: 'requireOfModule' }
  | { readonly kind: 'variable'; readonly name?: string | undefined }
  | { readonly kind: 'field'; readonly name?: string | undefined }
  /** Something is not there, and the error does not say whether it was a variable or a field of the payload. */
  | { readonly kind: 'variableOrField'; readonly name: string }
  | { readonly kind: 'runtimeNotHere' }
  /** The embedded endpoint could not make an environment; nothing of the function ran. */
  | { readonly kind: 'notSetUpHere' }
  | { readonly kind: 'noBootstrap' }
  | { readonly kind: 'bootstrapNotAllowed' }
  | { readonly kind: 'bootstrapFormat' }
  | { readonly kind: 'bootstrapLineEnds' }
  | { readonly kind: 'bootstrapInterpreter' }
  | { readonly kind: 'programMissing' }
  | { readonly kind: 'programNotAllowed' }
  | { readonly kind: 'exited' }
  /** A promise that nothing can settle any more. */
  | { readonly kind: 'neverSettled' }
  /** A handler with a callback, under a runtime that has none. */
  | { readonly kind: 'callbackHandler' }
  | { readonly kind: 'noSharedMemory' }
  /** A file of the package that others than its owner may not read. */
  | { readonly kind: 'fileMode' }
  /** An extension of its layers failed, and the function with it. */
  | { readonly kind: 'extension'; readonly errorType: string }
  /** Something listens where something else listens already. */
  | { readonly kind: 'portTaken' }
  /** What it reads from /opt is not there. */
  | { readonly kind: 'notInOpt'; readonly path: string }
  | { readonly kind: 'refusedByAws' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timedOut'; readonly timeoutS: number }
  | { readonly kind: 'outOfMemory'; readonly memoryMb: number }
  /** An error of its own: most likely it does not like the payload. */
  | { readonly kind: 'ownError'; readonly errorType?: string | undefined };

export interface FailedCall {
  readonly outcome: 'functionError' | 'timedOut' | 'outOfMemory';
  readonly errorType?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** Stack and log. */
  readonly trace: string;
  readonly handler?: string | undefined;
  readonly memoryMb: number;
  readonly timeoutS: number;
}

/** The same cause with the function's own words changed: without secrets, for instance. */
export function rewordedCause(cause: FailureCause, change: (text: string) => string): FailureCause {
  switch (cause.kind) {
    case 'handlerName':
    case 'handlerFile':
    case 'handlerFunction':
      return { ...cause, handler: change(cause.handler) };
    case 'dependency':
    case 'broughtByLambda':
      return { ...cause, module: change(cause.module) };
    case 'variableOrField':
      return { ...cause, name: change(cause.name) };
    case 'variable':
    case 'field':
      return cause.name === undefined ? cause : { ...cause, name: change(cause.name) };
    case 'ownError':
      return cause.errorType === undefined ? cause : { ...cause, errorType: change(cause.errorType) };
    default:
      return cause;
  }
}

export function failureCause(failed: FailedCall): FailureCause {
  const { outcome, errorType = '', errorMessage = '', trace, memoryMb, timeoutS } = failed;
  if (outcome === 'timedOut') return { kind: 'timedOut', timeoutS };
  if (outcome === 'outOfMemory') return { kind: 'outOfMemory', memoryMb };
  const said = `${errorType}: ${errorMessage}`;
  return (
    ofStart(failed, said, trace) ??
    ofModules(failed, said) ??
    ofSurroundings(said) ??
    ofWhatIsMissing(said, trace) ?? { kind: 'ownError', errorType: errorType === '' ? undefined : errorType }
  );
}

/** What keeps the handler, or a bootstrap, from being started at all. */
function ofStart({ errorType, handler = '' }: FailedCall, said: string, trace: string): FailureCause | undefined {
  if (errorType === 'Runtime.MalformedHandlerName') return { kind: 'handlerName', handler };
  if (errorType === 'Runtime.HandlerNotFound') return { kind: 'handlerFunction', handler };
  if (errorType === 'Sandbox.SetUpFailed') return { kind: 'notSetUpHere' };
  if (errorType === 'Runtime.InvalidEntrypoint') {
    if (/cannot be run locally/.test(said)) return { kind: 'runtimeNotHere' };
    if (/line ends are CRLF/.test(said)) return { kind: 'bootstrapLineEnds' };
    if (/valid bootstrap/.test(said)) return { kind: 'noBootstrap' };
    if (/permission denied/.test(said)) return { kind: 'bootstrapNotAllowed' };
    if (/exec format error/.test(said)) return { kind: 'bootstrapFormat' };
    if (/no such file/.test(said)) return { kind: 'bootstrapInterpreter' };
  }
  if (errorType === 'Runtime.NodeJsExit') return { kind: 'neverSettled' };
  if (errorType === 'Runtime.CallbackHandlerDeprecated') return { kind: 'callbackHandler' };
  if (errorType?.startsWith('Extension.') === true) {
    return /EADDRINUSE|address already in use/i.test(trace) ? { kind: 'portTaken' } : { kind: 'extension', errorType };
  }
  if (errorType === 'Runtime.ExitError') {
    if (/error while loading shared libraries|GLIBC/.test(trace)) return { kind: 'otherPlatform' };
    // Node's own for a promise that its start waits for, and nobody settles.
    if (/exit status 13\b/.test(said)) return { kind: 'neverSettled' };
    if (/exit status 127\b/.test(said)) return { kind: 'programMissing' };
    if (/exit status 126\b/.test(said)) return { kind: 'programNotAllowed' };
    return { kind: 'exited' };
  }
  return undefined;
}

/** What keeps its code from being loaded. */
function ofModules({ errorType = '', handler = '' }: FailedCall, said: string): FailureCause | undefined {
  if (
    /invalid ELF header|wrong ELF class|Exec format error|cannot open shared object file|GLIBC_\d|ERR_DLOPEN_FAILED/.test(
      said,
    )
  ) {
    return { kind: 'otherPlatform' };
  }
  if (/require\(\) of ES Module .* not supported/.test(said)) return { kind: 'requireOfModule' };
  if (
    /Cannot use import statement outside a module|Unexpected token 'export'|is not defined in ES module scope|ERR_REQUIRE_ESM/.test(
      said,
    )
  ) {
    return { kind: 'moduleSystem' };
  }
  if (errorType === 'Runtime.UserCodeSyntaxError' || errorType === 'SyntaxError') return { kind: 'syntax' };
  const module = /(?:Cannot find (?:module|package) |No module named )'([^'\n]{1,200})'/.exec(said)?.[1];
  if (module === undefined) return undefined;
  if (isHandlersOwn(module, handler)) return { kind: 'handlerFile', handler };
  return /^(?:@aws-sdk\/|@smithy\/|aws-sdk$|boto3$|botocore$)/.test(module)
    ? { kind: 'broughtByLambda', module }
    : { kind: 'dependency', module };
}

/** `src/app.handler` loads `src/app` (Node), `src.app` (Python: `No module named 'src'` where already the folder is missing). */
function isHandlersOwn(module: string, handler: string): boolean {
  const file = handler.slice(0, handler.lastIndexOf('.')).replace(/^\.\//, '').replaceAll('/', '.');
  const wanted = module
    .replace(/^(?:\/var\/task\/|\.\/)/, '')
    .replace(/\.(?:js|mjs|cjs)$/, '')
    .replaceAll('/', '.');
  return file !== '' && (file === wanted || file.startsWith(`${wanted}.`) || wanted.endsWith(`.${file}`));
}

/** What it calls and does not get. */
function ofSurroundings(said: string): FailureCause | undefined {
  if (/\[Errno 38\]|\/dev\/shm\b/.test(said)) return { kind: 'noSharedMemory' };
  if (/EADDRINUSE|address already in use/i.test(said)) return { kind: 'portTaken' };
  const inOpt = /(?:ENOENT|No such file|cannot open|not found)[^\n]*?(\/opt\/[^\s'":,;)\]]{1,200})/i.exec(said)?.[1];
  if (inOpt !== undefined) return { kind: 'notInOpt', path: inOpt };
  if (/(?:EACCES|Permission denied)\b.*\/var\/task\//.test(said)) return { kind: 'fileMode' };
  if (
    /AccessDenied|not authorized to perform|UnrecognizedClient|security token included in the request|InvalidAccessKeyId|InvalidSignature|SignatureDoesNotMatch|InvalidClientTokenId|IncompleteSignature|NoCredentials|CredentialsProviderError|KMSAccessDenied|ExpiredToken|InvalidCiphertext|encryption context/i.test(
      said,
    )
  ) {
    return { kind: 'refusedByAws' };
  }
  if (
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EndpointConnectionError|ConnectTimeout|Name or service not known|Temporary failure in name resolution|Connection refused|fetch failed/i.test(
      said,
    )
  ) {
    return { kind: 'unreachable' };
  }
  return undefined;
}

const likeVariable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;

/** What it reads and is not there: a variable, or a field of the event. */
function ofWhatIsMissing(said: string, trace: string): FailureCause | undefined {
  const key = /^KeyError: ['"]?([\w.-]{1,100})['"]?$/.exec(said)?.[1];
  if (key !== undefined) {
    // `os.environ[…]` looks its value up in a frame of os.py, which is frozen into newer interpreters.
    const isOfEnvironment = /os\.environ|<frozen os>|\/os\.py"/.test(trace) || likeVariable.test(key);
    return { kind: isOfEnvironment ? 'variable' : 'field', name: key };
  }
  if (/environment variable|env(?:ironment)? var\b|process\.env/i.test(said)) {
    const name = said
      .match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z][A-Z0-9]{2,}\b/g)
      ?.find((word) => !/^(?:ERR|AWS|JSON)$/.test(word));
    return { kind: 'variable', name };
  }
  const required =
    /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}) (?:is|was|must be) (?:required|missing|not set|not defined|undefined|set)\b/.exec(
      said,
    )?.[1];
  if (required !== undefined) return { kind: 'variable', name: required };
  if (/\bevent\b|\bRecords?\b|payload/.test(said)) return { kind: 'field', ...fieldOf(said) };
  const read = /(?:of|property) (?:undefined|null) \(reading '([^'\n]{1,100})'\)/.exec(said)?.[1];
  if (read !== undefined) return { kind: 'variableOrField', name: read };
  if (/undefined|NoneType|null/.test(said) && /^TypeError|^AttributeError/.test(said)) {
    return { kind: 'variableOrField', name: /attribute '(\w{1,100})'/.exec(said)?.[1] ?? '' };
  }
  return undefined;
}

function fieldOf(said: string): { readonly name?: string } {
  const name = /\bevent\.([\w.]{1,100}?)(?=[^\w.]|$)/.exec(said)?.[1] ?? /\b(Records)\b/.exec(said)?.[1];
  return name === undefined ? {} : { name };
}
