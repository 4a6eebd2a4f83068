import type { FailureCause } from './failureCause.ts';

/** Where a function ran: from a path on the embedded endpoint, deployed to a Lambda-like endpoint, or on AWS. */
export type Place = 'path' | 'endpoint' | 'aws';

type Words = {
  readonly [Kind in FailureCause['kind']]: (cause: Extract<FailureCause, { kind: Kind }>, at: PlaceWords) => string;
};

/** What the same thing is called in each place. */
interface PlaceWords {
  readonly place: Place;
  readonly handler: string;
  readonly runtime: string;
}

const placeWords = {
  path: { place: 'path', handler: '--handler', runtime: '--runtime' },
  endpoint: { place: 'endpoint', handler: "the function's handler setting", runtime: "the function's runtime setting" },
  aws: { place: 'aws', handler: "the function's handler setting", runtime: "the function's runtime setting" },
} as const satisfies Record<Place, PlaceWords>;

/** What most likely is wrong and what to do about it: one or two sentences for each cause, by place. */
export function failureWords(cause: FailureCause, place: Place): string {
  const say = words[cause.kind] as (cause: FailureCause, at: PlaceWords) => string;
  return say(cause, placeWords[place]);
}

const payloadHint = 'Give a real payload with --payload event.json';
const expectHint = 'if it is meant to fail so, expect the error with --allow-error';

/** Only a role, a key or code that knows the function's name can tell a copy from the function. */
const boundToName =
  'it may be bound to its own name, which a copy does not have: a role or key policy that names the function ' +
  '(kms:EncryptionContext, aws:SourceArn, lambda:FunctionArn), encryption helpers of environment variables, code that looks itself up';

const words: Words = {
  handlerName: ({ handler }, at) =>
    `"${handler}" is no handler: it is a file and a function in it, such as index.handler. Correct ${at.handler}.`,
  handlerFile: ({ handler }, at) =>
    `The handler is "${handler}", and the package has no such file at that place. Correct ${at.handler}, or ${at.runtime} if it is another language.`,
  handlerFunction: ({ handler }, at) =>
    `The handler is "${handler}": its file was loaded, but exports nothing of that name that can be called. Correct ${at.handler}.`,
  dependency: ({ module }, at) =>
    `It imports "${module}", which is not in the package. Install it beside the code, or bundle it; what comes from a layer ${
      at.place === 'aws'
        ? 'must be among its layers (--x86-layers, --arm64-layers)'
        : at.place === 'endpoint'
          ? 'must be among its layers'
          : 'must be put into the folder to be measured here'
    }.`,
  broughtByLambda: ({ module }, at) =>
    at.place === 'aws'
      ? `It imports "${module}", which this runtime of Lambda does not bring (any more): put it into the package, or choose ${at.runtime} that has it.`
      : `It imports "${module}", which Lambda brings and this machine does not: install it beside the function to measure here (npm install, pip install -t .).`,
  otherPlatform: (_, at) =>
    at.place === 'aws'
      ? 'A native file was built for another architecture, system or C library. See which: tune migrate --preflight-only. Give the right build with --x86-code or --arm64-code.'
      : "A native file was built for another architecture, system or C library than this machine has. Build it for Linux on this machine's architecture, or measure in AWS.",
  syntax: (_, at) =>
    `Its code cannot be parsed. Correct it, or ${at.runtime} if this version of the language is too old for it.`,
  moduleSystem: () =>
    'Its code is an ES module and is loaded as CommonJS, or the other way round: name it .mjs or .cjs, or set "type" in its package.json.',
  requireOfModule: (_, at) =>
    `It requires an ES module, which Lambda's Node.js does not do by itself: import() it, bundle the code, or set NODE_OPTIONS=--experimental-require-module${
      at.place === 'path' ? ' (--env)' : ''
    }.`,
  variable: ({ name = 'NAME' }, at) =>
    `It needs the environment variable ${name}${name === 'NAME' ? '' : ', which is not set'}: give it with --env ${name}=…${
      at.place === 'path' ? ' (a folder or zip has no variables of its own)' : ''
    }.`,
  field: ({ name }) =>
    `It reads ${name === undefined ? 'something' : `"${name}"`} that the payload does not have (without --payload it is {}). ${payloadHint}.`,
  variableOrField: ({ name }) =>
    `It uses ${name === '' ? 'something' : `"${name}" of something`} that is not there: a field that the payload lacks (--payload event.json; without it the payload is {}), or a variable that is not set (--env NAME=value).`,
  runtimeNotHere: (_, at) =>
    `This machine runs nodejs*, python3.*, provided.* (any program that speaks the Lambda Runtime API), and java*, ruby* and dotnet* where their runtime is installed and their runtime interface client is in the package. Change ${at.runtime}, or measure the function in AWS: tune --function <name>`,
  notSetUpHere: () =>
    'This machine could not set up an environment, and the function did not run: its log says which tool failed. Measure again when less runs here (processes, open files, loop devices, disk), or in AWS: tune --function <name>',
  noBootstrap: (_, at) =>
    `There is no file "bootstrap" at the top of the package, which a provided.* runtime starts. Add it, or correct ${at.runtime}.`,
  bootstrapNotAllowed: () =>
    'The file "bootstrap" may not be executed: chmod +x bootstrap, zip it where that is kept (Linux, macOS)',
  bootstrapFormat: (_, at) =>
    `The file "bootstrap" is neither a script that begins with #! nor a program for this architecture: build it for ${
      at.place === 'aws'
        ? 'each architecture (--x86-code, --arm64-code)'
        : "this machine's, or measure in AWS (tune --function <name>)"
    }.`,
  bootstrapLineEnds: () =>
    'The line ends of "bootstrap" are CRLF, so that the program in its first line is not found: write it with LF (dos2unix bootstrap).',
  bootstrapInterpreter: () =>
    'The first line of "bootstrap" names a program that is not there. Correct it; where it looks right, its line ends may be CRLF (dos2unix bootstrap).',
  programMissing: (_, at) =>
    `Exit status 127: a program that "bootstrap" starts, or the one in its first line, was not found${
      at.place === 'aws' ? '' : ' on this machine'
    }. It must be in the package, and be named by its path; its log says which.`,
  programNotAllowed: () =>
    'Exit status 126: a program that "bootstrap" starts was found but cannot be executed: chmod +x, and a build for this architecture.',
  exited: (_, at) =>
    `Its process ended by itself instead of answering. Its log may say why; otherwise a variable (--env) or the payload (--payload event.json) may be missing${
      at.place === 'path' ? ', or --handler is not its entry' : ''
    }.`,
  neverSettled: () =>
    'It waits for a promise that nothing settles: an await on what never calls back, or a stream or connection that ended without saying so.',
  callbackHandler: (_, at) =>
    `Its handler takes a callback, which Node.js 24 has no more: make it async and return the answer, or choose ${at.runtime} nodejs22.x.`,
  noSharedMemory: () =>
    'Lambda has no /dev/shm: multiprocessing.Pool, Queue and Lock cannot be made there (Process and Pipe can, and threads). A browser needs --disable-dev-shm-usage.',
  fileMode: () =>
    'Only its owner may read that file, and on Lambda the function is another user: chmod -R a+rX what is packed, and pack it again.',
  extension: ({ errorType }, at) =>
    `An extension among its layers failed (${errorType}), and no function runs without its extensions. Its log says why${
      at.place === 'aws' ? '' : '; one that calls AWS or its vendor when it starts gets no credentials here: --env'
    }.`,
  portTaken: (_, at) =>
    at.place === 'aws'
      ? 'It listens on a port that something in its environment listens on already, most likely an extension.'
      : 'It listens on a fixed port, and environments share the ports of this machine: only one at a time can. An extension that listens on sandbox.localdomain has a port of its own in each environment; otherwise measure one size at a time (--memory 1024), or in AWS.',
  notInOpt: ({ path }, at) =>
    `It reads ${path}, and /opt is where Lambda puts layers. ${
      at.place === 'path'
        ? 'A function given by its path has none: put the file into the folder, or publish the layer to `tune local` and create the function there with it.'
        : at.place === 'aws'
          ? 'None of its layers has that file.'
          : 'None of its layers has that file, or that machine cannot put them there: without mount namespaces, layers are on the search paths alone.'
    }`,
  refusedByAws: (_, at) =>
    at.place === 'aws'
      ? `AWS refused something that the function asked for. The copy has the same role, but ${boundToName}. \`aws lambda get-function-configuration\` shows its role and key.`
      : 'It calls AWS, and code that runs here gets no credentials. Lead it to a stand-in with --env (such as AWS_ENDPOINT_URL=…), or measure the function in AWS: tune --function <name>',
  unreachable: (_, at) =>
    at.place === 'aws'
      ? 'Something that it calls did not answer. The copy has the same VPC and security groups; what it calls may let in only known names. Another address is given with --env.'
      : 'Something that it calls cannot be reached from this machine. Give it another address with --env, or measure the function in AWS: tune --function <name>',
  timedOut: ({ timeoutS }, at) =>
    at.place === 'path'
      ? `It did not answer within ${timeoutS} s. If it needs more, give --timeout; else it waits for something that it does not get here (--env, --payload).`
      : `It did not answer within its ${timeoutS} s. Give a payload that takes less (--payload), larger sizes (--memory), or raise its timeout with: aws lambda update-function-configuration --timeout …`,
  outOfMemory: ({ memoryMb }) => `It needs more than ${memoryMb} MB. Give larger sizes: --memory ${nextSize(memoryMb)}`,
  ownError: ({ errorType }, at) =>
    `${payloadHint}; ${expectHint}${errorType === undefined ? '' : ` ${errorType}`}.${
      at.place === 'aws' ? ` If it works under its own name with this payload, ${boundToName}.` : ''
    }`,
};

function nextSize(memoryMb: number): string {
  const larger = [512, 1024, 2048, 4096, 10240].filter((size) => size > memoryMb).slice(0, 2);
  return larger.length === 0 ? String(memoryMb) : larger.join(',');
}
