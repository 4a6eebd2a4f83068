import { describe, expect, it } from 'vitest';
import { failureCause } from '../../src/advice/failureCause.ts';
import { failureWords, type Place } from '../../src/advice/failureWords.ts';

function causeOf(errorType: string, errorMessage: string, more: { trace?: string; handler?: string } = {}) {
  return failureCause({
    outcome: 'functionError',
    errorType,
    errorMessage,
    trace: '',
    handler: 'index.handler',
    memoryMb: 512,
    timeoutS: 3,
    ...more,
  });
}

describe('the cause of a first call that fails', () => {
  it.each([
    ['Runtime.MalformedHandlerName', 'Bad handler', { kind: 'handlerName', handler: 'index.handler' }],
    [
      'Runtime.HandlerNotFound',
      'index.x is undefined or not exported',
      { kind: 'handlerFunction', handler: 'index.handler' },
    ],
    [
      'Runtime.ImportModuleError',
      "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs",
      { kind: 'handlerFile', handler: 'index.handler' },
    ],
    [
      'Runtime.ImportModuleError',
      "Error: Cannot find module './index'",
      { kind: 'handlerFile', handler: 'index.handler' },
    ],
    [
      'Runtime.ImportModuleError',
      "Unable to import module 'index': No module named 'index'",
      { kind: 'handlerFile', handler: 'index.handler' },
    ],
    [
      'Runtime.ImportModuleError',
      "Unable to import module 'index': No module named 'numpy'",
      { kind: 'dependency', module: 'numpy' },
    ],
    ['Error', "Cannot find package 'pg' imported from /var/task/index.mjs", { kind: 'dependency', module: 'pg' }],
    [
      'Error',
      "Cannot find package '@aws-sdk/client-s3' imported from /x.mjs",
      { kind: 'broughtByLambda', module: '@aws-sdk/client-s3' },
    ],
    [
      'Runtime.ImportModuleError',
      "Unable to import module 'index': No module named 'boto3'",
      { kind: 'broughtByLambda', module: 'boto3' },
    ],
    ['Error', "Cannot find package '@smithy/core'", { kind: 'broughtByLambda', module: '@smithy/core' }],
    [
      'Error',
      'require() of ES Module /var/task/a.js from /var/task/index.js not supported.',
      { kind: 'requireOfModule' },
    ],
    ['Runtime.NodeJsExit', 'The Lambda runtime client detected …', { kind: 'neverSettled' }],
    ['Runtime.ExitError', 'Runtime exited with error: exit status 13', { kind: 'neverSettled' }],
    ['Runtime.CallbackHandlerDeprecated', 'ERROR: AWS Lambda has removed …', { kind: 'callbackHandler' }],
    ['OSError', '[Errno 38] Function not implemented', { kind: 'noSharedMemory' }],
    ['Error', "EACCES: permission denied, open '/var/task/data.json'", { kind: 'fileMode' }],
    ['PermissionError', "[Errno 13] Permission denied: '/var/task/data.json'", { kind: 'fileMode' }],
    ['Extension.Crash', 'RequestId: r Error: exit status 1', { kind: 'extension', errorType: 'Extension.Crash' }],
    ['Extension.InitError', 'Error: exit status 1', { kind: 'extension', errorType: 'Extension.InitError' }],
    ['Error', 'listen EADDRINUSE: address already in use :::2773', { kind: 'portTaken' }],
    ['OSError', '[Errno 98] Address already in use', { kind: 'portTaken' }],
    [
      'Error',
      "ENOENT: no such file or directory, open '/opt/config/a.json'",
      { kind: 'notInOpt', path: '/opt/config/a.json' },
    ],
    [
      'FileNotFoundError',
      "[Errno 2] No such file or directory: '/opt/model.bin'",
      { kind: 'notInOpt', path: '/opt/model.bin' },
    ],
    ['Error', '/var/task/sharp.node: invalid ELF header', { kind: 'otherPlatform' }],
    ['ImportError', "/lib64/libc.so.6: version `GLIBC_2.38' not found", { kind: 'otherPlatform' }],
    ['Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token ';'", { kind: 'syntax' }],
    [
      'Runtime.UserCodeSyntaxError',
      'SyntaxError: Cannot use import statement outside a module',
      { kind: 'moduleSystem' },
    ],
    [
      'ReferenceError',
      'require is not defined in ES module scope, you can use import instead',
      { kind: 'moduleSystem' },
    ],
    ['Error', 'Environment variable TABLE_NAME is not set', { kind: 'variable', name: 'TABLE_NAME' }],
    ['Error', 'TABLE is required', { kind: 'variable', name: 'TABLE' }],
    ['KeyError', "'TABLE'", { kind: 'variable', name: 'TABLE' }],
    ['KeyError', "'Records'", { kind: 'field', name: 'Records' }],
    ['TypeError', 'event.Records is not iterable', { kind: 'field', name: 'Records' }],
    ['TypeError', "Cannot read properties of undefined (reading 'split')", { kind: 'variableOrField', name: 'split' }],
    ['TypeError', "'NoneType' object is not subscriptable", { kind: 'variableOrField', name: '' }],
    ['Runtime.InvalidEntrypoint', 'Runtime "java21" cannot be run locally.', { kind: 'runtimeNotHere' }],
    ['Sandbox.SetUpFailed', 'This machine could not set the environment up', { kind: 'notSetUpHere' }],
    [
      'Runtime.InvalidEntrypoint',
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
      { kind: 'noBootstrap' },
    ],
    ['Runtime.InvalidEntrypoint', 'fork/exec /var/task/bootstrap: permission denied', { kind: 'bootstrapNotAllowed' }],
    ['Runtime.InvalidEntrypoint', 'fork/exec /var/task/bootstrap: exec format error', { kind: 'bootstrapFormat' }],
    [
      'Runtime.InvalidEntrypoint',
      'fork/exec /var/task/bootstrap: no such file or directory',
      { kind: 'bootstrapInterpreter' },
    ],
    [
      'Runtime.InvalidEntrypoint',
      'fork/exec /var/task/bootstrap: no such file or directory (the line ends are CRLF, so …)',
      { kind: 'bootstrapLineEnds' },
    ],
    ['Runtime.ExitError', 'Runtime exited with error: exit status 127', { kind: 'programMissing' }],
    ['Runtime.ExitError', 'Runtime exited with error: exit status 126', { kind: 'programNotAllowed' }],
    ['Runtime.ExitError', 'Runtime exited with error: exit status 1', { kind: 'exited' }],
    ['AccessDeniedException', 'User: arn:… is not authorized to perform: dynamodb:GetItem', { kind: 'refusedByAws' }],
    ['InvalidCiphertextException', 'encryption context does not match', { kind: 'refusedByAws' }],
    ['Error', 'connect ECONNREFUSED 127.0.0.1:5432', { kind: 'unreachable' }],
    ['ValidationError', 'quantity must be positive', { kind: 'ownError', errorType: 'ValidationError' }],
  ])('%s: %s', (errorType, errorMessage, cause) => {
    expect(causeOf(errorType, errorMessage)).toEqual(cause);
  });

  it('takes a key that os.environ was asked for as a variable, however it is written', () => {
    const trace = '  File "/var/task/app.py", line 4, in handler\n    return os.environ["table"]\n';
    expect(causeOf('KeyError', "'table'", { trace })).toEqual({ kind: 'variable', name: 'table' });
    expect(causeOf('KeyError', "'table'")).toEqual({ kind: 'field', name: 'table' });
  });

  it('finds a handler in a folder, also where already the folder is missing', () => {
    const handler = 'src/app.handler';
    expect(causeOf('Error', "Cannot find module 'src/app'", { handler }).kind).toBe('handlerFile');
    expect(causeOf('Runtime.ImportModuleError', "No module named 'src'", { handler: 'src.app.handler' }).kind).toBe(
      'handlerFile',
    );
    expect(causeOf('Runtime.ImportModuleError', "No module named 'app'", { handler: 'application.handler' }).kind).toBe(
      'dependency',
    );
  });

  it('sees a library that is missing behind an exit status', () => {
    const trace = './server: error while loading shared libraries: libssl.so.1.1: cannot open shared object file';
    expect(causeOf('Runtime.ExitError', 'Runtime exited with error: exit status 127', { trace }).kind).toBe(
      'otherPlatform',
    );
  });
});

const places: readonly Place[] = ['path', 'endpoint', 'aws'];

describe('what is said of it', () => {
  it.each([
    ['a wrong handler', causeOf('Runtime.HandlerNotFound', 'x'), /--handler/, /handler setting/],
    ['a missing variable', causeOf('KeyError', "'TABLE'"), /--env TABLE=…/, /--env TABLE=…/],
    ['a missing field', causeOf('KeyError', "'Records'"), /--payload event.json/, /--payload event.json/],
    [
      'a runtime',
      causeOf('Runtime.InvalidEntrypoint', 'Runtime "java21" cannot be run locally.'),
      /--runtime/,
      /runtime setting/,
    ],
    ['a syntax error', causeOf('SyntaxError', 'x'), /--runtime/, /runtime setting/],
    [
      'a program that is missing',
      causeOf('Runtime.ExitError', 'exit status 127'),
      /127.*on this machine/,
      /127(?!.*machine)/,
    ],
    [
      'an error of its own',
      causeOf('ValidationError', 'x'),
      /--payload.*--allow-error ValidationError/,
      /--allow-error ValidationError/,
    ],
  ])('%s', (_, cause, here, onAws) => {
    expect(failureWords(cause, 'path')).toMatch(here);
    expect(failureWords(cause, 'aws')).toMatch(onAws);
  });

  it('names roles, keys and its own name on AWS alone, and only where one of them can be the cause', () => {
    const ofNames = /role|kms|own name|policy/i;
    const mistakes = [
      causeOf('KeyError', "'TABLE'"),
      causeOf('KeyError', "'Records'"),
      causeOf('TypeError', "Cannot read properties of undefined (reading 'map')"),
      causeOf('Runtime.HandlerNotFound', 'x'),
      causeOf('SyntaxError', 'x'),
      causeOf('Runtime.ExitError', 'exit status 127'),
      causeOf('Error', "Cannot find module 'pg'"),
    ];
    for (const place of places) for (const cause of mistakes) expect(failureWords(cause, place)).not.toMatch(ofNames);
    const refused = causeOf('AccessDeniedException', 'no');
    expect(failureWords(refused, 'aws')).toMatch(ofNames);
    expect(failureWords(refused, 'path')).not.toMatch(ofNames);
    expect(failureWords(causeOf('Odd', 'x'), 'aws')).toMatch(/own name/);
    expect(failureWords(causeOf('Odd', 'x'), 'path')).not.toMatch(/own name/);
  });

  it('says what to do about time and memory', () => {
    const failed = { trace: '', memoryMb: 512, timeoutS: 3 };
    const slow = failureCause({ ...failed, outcome: 'timedOut' });
    expect(failureWords(slow, 'path')).toContain('within 3 s. If it needs more, give --timeout');
    expect(failureWords(slow, 'aws')).toContain('aws lambda update-function-configuration --timeout');
    const large = failureCause({ ...failed, outcome: 'outOfMemory' });
    expect(failureWords(large, 'aws')).toBe('It needs more than 512 MB. Give larger sizes: --memory 1024,2048');
  });
});
