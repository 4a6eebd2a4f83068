import type { AwsClients } from '../../aws/client/client.ts';
import {
  createPathTarget,
  createPathUrl,
  type PathTarget,
  type PathUrl,
  updatePathTarget,
} from '../../aws/target/pathTarget.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Architecture } from '../../model/configuration.ts';
import { templateReference } from '../../templates/reference.ts';
import { loopText } from '../../templates/template.ts';
import { escapeTerminal } from '../../text/escape.ts';
import {
  type LocalFunction,
  type LocalOptions,
  readDefined,
  readLocalFunction,
} from '../shared/paths/localFunction.ts';
import { freeNames } from '../shared/paths/localHost.ts';
import { type ReadTemplate, readTemplateFile } from '../shared/paths/templateFile.ts';
import { templateFiles } from '../shared/paths/templateFiles.ts';

/** One function that `tune local` keeps up, and how it is read again. */
export interface ServedFunction {
  readonly functionName: string;
  /** As the user named it. */
  readonly shown: string;
  readonly local: LocalFunction;
  readonly url: string | undefined;
  readonly memoryMb: number;
  /** Puts what changed in the place of what is there; whether anything had. Throws where it cannot, and what was there goes on. */
  reload(): Promise<boolean>;
  watched(): readonly string[];
}

export interface Deploying {
  readonly clients: AwsClients;
  readonly architecture: Architecture;
  readonly options: LocalOptions & { readonly functionUrl: boolean };
}

/** What `--function-url` alone asks for. */
const openUrl: PathUrl = { authType: 'NONE', invokeMode: 'BUFFERED', cors: undefined };

/** A path has no setting of its own. */
const pathMemoryMb = 1024;

/** What is named, each read and then created; of a template without a name all functions. @throws TuneError */
export async function readAll(
  targets: readonly string[],
  options: LocalOptions,
  architecture: Architecture,
  io: Io,
): Promise<readonly NamedFunction[]> {
  const found: NamedFunction[] = [];
  const nameFor = freeNames();
  for (const target of targets) {
    for (const { shown, read } of await readersOf(target, options, architecture, io)) {
      const local = await read();
      found.push({ shown, read, local, functionName: nameFor(local.nameFrom) });
    }
  }
  return found;
}

export interface NamedFunction extends Reader {
  readonly functionName: string;
  readonly local: LocalFunction;
}

interface Reader {
  readonly shown: string;
  read(): Promise<LocalFunction>;
}

async function readersOf(
  target: string,
  options: LocalOptions,
  architecture: Architecture,
  io: Io,
): Promise<readonly Reader[]> {
  const reference = templateReference(target);
  if (reference === undefined || reference.fragment !== undefined) {
    return [{ shown: target, read: () => readLocalFunction(target, options, architecture, io) }];
  }
  const files = await templateFiles(reference.file, io);
  const templates = await Promise.all(files.map((file) => readTemplateFile(file, options, io)));
  for (const template of templates) tellLeftOut(template, io);
  const readers = templates.flatMap(({ name, functions }) =>
    functions
      .filter(({ isTools, isImage, failedCondition }) => !isTools && !isImage && failedCondition === undefined)
      .map(({ id }) => ({
        shown: `${name}#${id}`,
        async read() {
          return readDefined(await readTemplateFile(name, options, io), id, options, architecture, io);
        },
      })),
  );
  if (readers.length > 0) return readers;
  throw new TuneError('USAGE', `${reference.file} has no function that can be run here.`, {
    hint: 'Give a folder: tune local ./fn',
  });
}

/** Whoever named a whole template waits for all of it. */
function tellLeftOut({ name, functions, nestedStacks, unknownLoops }: ReadTemplate, io: Io): void {
  const warn = (text: string) => io.stderr.write(`Warning: ${escapeTerminal(`${name}: ${text}`, 1000)}\n`);
  const images = functions.filter(({ isImage, isTools }) => isImage && !isTools).map(({ id }) => id);
  if (images.length > 0) warn(`${images.join(', ')} left out, because container images cannot be run here.`);
  for (const { id, failedCondition } of functions) {
    if (failedCondition !== undefined) warn(`${id} left out, because its condition ${failedCondition} does not hold.`);
  }
  for (const loop of unknownLoops) warn(`what comes of a loop is left out. ${loopText(loop)}`);
  if (nestedStacks.length > 0) {
    warn(`the functions of its nested stacks (${nestedStacks.join(', ')}) are left out: name their templates as well.`);
  }
}

export async function deploy(
  named: NamedFunction,
  { clients, architecture, options }: Deploying,
  io: Io,
): Promise<ServedFunction> {
  const { functionName, shown } = named;
  const targetOf = (local: LocalFunction): PathTarget => ({
    ...local,
    functionName,
    architecture,
    memoryMb: options.memoryMb ?? local.memoryMb ?? pathMemoryMb,
    environment: { ...local.environment, ...options.env },
  });
  let { local } = named;
  await createPathTarget(clients, targetOf(local), io.sleep);
  const wanted = local.functionUrl ?? (options.functionUrl ? openUrl : undefined);
  const url = wanted && (await createPathUrl(clients, functionName, wanted));
  return {
    functionName,
    shown,
    local,
    url,
    memoryMb: targetOf(local).memoryMb,
    watched: () => local.watched,
    async reload() {
      const next = await named.read();
      if (isSame(local, next)) {
        local = next;
        return false;
      }
      await updatePathTarget(clients, targetOf(next), targetOf(local), io.sleep);
      local = next;
      return true;
    },
  };
}

function isSame(one: LocalFunction, other: LocalFunction): boolean {
  // A URL stays the one of the start: clients have its address.
  const settings = ({
    zip: _zip,
    made: _made,
    layers: _layers,
    watched: _watched,
    functionUrl: _url,
    ...rest
  }: LocalFunction) => JSON.stringify(rest);
  return (
    Buffer.compare(one.zip, other.zip) === 0 &&
    settings(one) === settings(other) &&
    one.layers.length === other.layers.length &&
    one.layers.every(({ zip }, index) => Buffer.compare(zip, other.layers[index]?.zip ?? Buffer.alloc(0)) === 0)
  );
}
