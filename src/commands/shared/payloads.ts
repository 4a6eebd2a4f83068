import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readObject } from '../../aws/target/packages.ts';
import { readTestEvents } from '../../aws/target/testEvents.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Payload } from '../../model/payload.ts';
import type { RunOptions } from '../../options/options.ts';
import { parsePayloadFolder } from '../../plan/payloads/folder.ts';
import { parsePayload, parsePayloadLines, parsePiped } from '../../plan/payloads/payload.ts';
import { isLinesFile, type PayloadSource, parsePayloadSource } from '../../plan/payloads/source.ts';
import { noSuchEvent, payloadOfTestEvent } from '../../plan/payloads/testEvents.ts';
import { parsePayloadList } from '../../plan/payloads/weightedList.ts';
import { sampleBody } from '../../plan/samples/sampleEvents.ts';
import { clientOptions } from './clientOptions.ts';
import type { Connections } from './connections.ts';
import { absolutePath } from './inputs.ts';
import { isPath, type Session } from './session.ts';

type PayloadOptions = Pick<RunOptions, 'payload' | 'payloads' | 'payloadTemplate'>;
type InAccount = Extract<PayloadSource, { kind: 'testEvent' | 'object' }>;

/** Payloads that are here, or where in an account they are: those are read once the function is known. */
export type AskedPayloads =
  | { readonly kind: 'here'; readonly payloads: readonly Payload[] }
  | { readonly kind: 'inAccount'; readonly source: InAccount; readonly template: boolean; readonly isList?: boolean };

/** Without an option one empty object. All that can be wrong with what is here is found now. @throws TuneError PAYLOAD, USAGE */
export async function loadPayloads(options: PayloadOptions, target: string, io: Io): Promise<AskedPayloads> {
  const { payload, payloads, payloadTemplate: template } = options;
  if (payload !== undefined && payloads !== undefined) {
    throw new TuneError('USAGE', '--payload and --payloads cannot be given together.', {
      hint: '--payload is one payload or a folder of them, --payloads a weighted list.',
    });
  }
  if (payloads !== undefined) {
    const list = payloads.startsWith('s3://') ? parsePayloadSource(payloads) : undefined;
    if (list?.kind === 'object') return { kind: 'inAccount', source: list, template, isList: true };
    if (payloads === '-') return here(parsePayloadList(await io.stdin.read(), 'standard input', template));
    return here(parsePayloadList(await readList(payloads, io), payloads, template));
  }
  if (payload === undefined) return here([{ name: 'payload', body: '{}', weight: 1 }]);
  const source = parsePayloadSource(payload);
  switch (source.kind) {
    case 'stdin':
      return here([parsePiped(await io.stdin.read(), 'standard input', template)]);
    case 'typed':
      return here([parsePayload(Buffer.from(source.text), '--payload', template)]);
    case 'sample':
      return here([{ ...parsePayload(Buffer.from(sampleBody(source.sample)), payload, template), isSample: true }]);
    case 'path':
      return here(await readPath(source.path, template, io));
    case 'testEvent':
      if (!isPath(target)) return { kind: 'inAccount', source, template };
      throw new TuneError('USAGE', `${target} is a path: test events are kept for functions of an account.`, {
        hint: 'Save the event in a file: --payload event.json',
      });
    case 'object':
      return { kind: 'inAccount', source, template };
  }
}

/** Reads what is in an account, once. @throws TuneError PAYLOAD, ACCESS_DENIED, … */
export async function fetchPayloads(
  asked: AskedPayloads,
  session: Pick<Session, 'facts' | 'clients' | 'path'>,
  options: RunOptions,
  io: Io,
  connections: Connections,
): Promise<readonly Payload[]> {
  if (asked.kind === 'here') return asked.payloads;
  const { source, template } = asked;
  if (source.kind === 'testEvent') {
    const { functionName } = session.facts;
    const content = await readTestEvents(session.clients, functionName, io.interrupted);
    if (content === undefined) throw noSuchEvent(source.name, functionName, []);
    return [payloadOfTestEvent(content, source.name, functionName, template)];
  }
  // A path is measured here, but buckets are in AWS.
  const clients =
    session.path === undefined ? session.clients : await connections.clients(clientOptions(options, options.region));
  const shown = `s3://${source.bucket}/${source.key}`;
  const bytes = await readObject(clients, source, io.interrupted, {
    code: 'PAYLOAD',
    hint: 'Check bucket, key and region, or give a local file: --payload event.json',
  });
  if (asked.isList) return parsePayloadList(bytes, shown, template);
  return [isLinesFile(source.key) ? parsePayloadLines(bytes, shown, template) : parsePayload(bytes, shown, template)];
}

function here(payloads: readonly Payload[]): AskedPayloads {
  return { kind: 'here', payloads };
}

async function readList(path: string, io: Io): Promise<Uint8Array> {
  if (!(await isFolder(path, io))) return readBytes(path, io);
  throw new TuneError('PAYLOAD', `${path} is a folder.`, {
    hint: `Each .json file of a folder is a payload: --payload ${path}`,
  });
}

function isFolder(path: string, io: Io): Promise<boolean> {
  return stat(absolutePath(path, io)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function readPath(path: string, template: boolean, io: Io): Promise<readonly Payload[]> {
  if (await isFolder(path, io)) return parsePayloadFolder(await readFolder(path, io), path, template);
  const bytes = await readBytes(path, io);
  return [isLinesFile(path) ? parsePayloadLines(bytes, path, template) : parsePayload(bytes, path, template)];
}

/** What lies in it directly. */
async function readFolder(path: string, io: Io) {
  const entries = await readdir(absolutePath(path, io), { withFileTypes: true });
  const names = entries.filter((one) => !one.isDirectory() && one.name.endsWith('.json')).map(({ name }) => name);
  return Promise.all(names.map(async (name) => ({ name, bytes: await readBytes(join(path, name), io) })));
}

async function readBytes(path: string, io: Io): Promise<Uint8Array> {
  return readFile(absolutePath(path, io)).catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('PAYLOAD', `Cannot read the payload file ${path} (${error.code ?? 'unknown error'}).`, {
      hint: 'Give JSON text, a file or a folder that holds JSON, sample:sqs, test-event:NAME, s3://bucket/key, or - for standard input.',
      cause: error,
    });
  });
}
