import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { CandidateDefinition } from '../../../apply/choose.ts';
import type { Neighbour } from '../../../apply/definition/definition.ts';
import { lineAt } from '../../../apply/definition/places.ts';
import type { Typescript } from '../../../apply/programs/program.ts';
import { mayDefine, mayDefineIn, type ReadSource, readSource } from '../../../apply/readFile.ts';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { escapeTerminal } from '../../../text/escape.ts';
import { placeInRepository, type Repository, type TextFile, textFile, trackedFiles } from './repository.ts';

/** Every function that the files define, with the files. */
export interface Searched {
  readonly candidates: readonly CandidateDefinition[];
  readonly sources: ReadonlyMap<string, TextFile & ReadSource>;
  /** Files that look as if they define functions and cannot be read. */
  readonly unread: readonly { readonly file: string; readonly reason: string }[];
}

const mostBytes = 4_000_000;

export async function searchFor(given: string | undefined, repository: Repository, io: Io): Promise<Searched> {
  const named = given === undefined ? undefined : await placeInRepository(given, repository, io);
  const tracked = repository.isGit ? await trackedFiles(repository, io) : [];
  const files = named === undefined ? (await trackedFiles(repository, io)).filter(mayDefine) : [named];
  const textOf = rememberedTexts(repository);
  const sources = new Map<string, TextFile & ReadSource>();
  const unread: { file: string; reason: string }[] = [];
  for (const file of files) {
    if (io.interrupted.aborted) throw new TuneError('INTERRUPTED', 'Interrupted; nothing was written.');
    const content = await textFile(join(repository.root, file), mostBytes);
    if (content === undefined) {
      if (named !== undefined)
        throw new TuneError('TEMPLATE', `${given ?? file} is not a text of UTF-8 of at most 4 MB.`);
      continue;
    }
    if (!mayDefineIn(content.text)) continue;
    const neighbours = await neighboursOf(file, tracked, textOf);
    const read = readSource({ file, text: content.text, neighbours }, typescriptFor(file, content.text, repository));
    if (read === undefined) continue;
    if ('reason' in read) unread.push({ file, reason: read.reason });
    else sources.set(file, { ...content, ...read });
  }
  const [broken] = unread;
  if (named !== undefined && broken !== undefined) {
    throw new TuneError('TEMPLATE', `${escapeTerminal(named)} cannot be read: ${escapeTerminal(broken.reason)}.`);
  }
  const candidates = [...sources].flatMap(([file, { definitions, text }]) =>
    definitions.map((definition) => ({ file, line: lineAt(text, definition.at), definition })),
  );
  return { candidates, sources, unread };
}

/** Files beside it, and `samconfig.toml` on the way up, which say what parameters and variables are; of Terraform also who calls a module. */
async function neighboursOf(
  file: string,
  tracked: readonly string[],
  textOf: (name: string) => Promise<string>,
): Promise<readonly Neighbour[]> {
  const folder = dirname(file);
  const isTerraform = terraform.test(file);
  if (!isTerraform && !/\.(?:ya?ml|json|template)$/.test(file)) return [];
  const isBeside = (other: string) => dirname(other) === folder && other !== file;
  const isAbove = (other: string) =>
    folder === dirname(other) || dirname(other) === '.' || folder.startsWith(`${dirname(other)}/`);
  const names = tracked.filter((other) =>
    isTerraform
      ? other !== file && (terraform.test(other) || (isBeside(other) && other.endsWith('.tfvars')))
      : (isAbove(other) && /(?:^|\/)samconfig\.(?:toml|ya?ml)$/.test(other)) ||
        (isBeside(other) && /param[^/]*\.json$/i.test(other)),
  );
  const read = await Promise.all(names.map(async (name) => ({ file: name, text: await textOf(name) })));
  return read.filter(({ file: name, text }) => text !== '' && (!isTerraform || isBeside(name) || callsPath.test(text)));
}

const terraform = /\.(?:tf|tofu)$/;
const callsPath = /^\s*source\s*=\s*"\.\.?(?:\/|")/m;

/** Each is read once. */
function rememberedTexts({ root }: Repository): (name: string) => Promise<string> {
  const texts = new Map<string, Promise<string>>();
  return (name) => {
    const known = texts.get(name) ?? textFile(join(root, name), mostBytes).then((found) => found?.text ?? '');
    texts.set(name, known);
    return known;
  };
}

/** The application's own, as its build would find it; nothing else is loaded of what the repository has installed. */
function typescriptFor(file: string, text: string, { root }: Repository): Typescript | undefined {
  if (!/\.[cm]?[jt]s$/.test(file) || !/['"](?:aws-cdk-lib|@aws-cdk\/)/.test(text)) return undefined;
  try {
    return createRequire(join(root, file))('typescript') as Typescript;
  } catch {
    return undefined;
  }
}

const assembled = z.object({
  Resources: z.record(z.string(), z.object({ Metadata: z.object({ 'aws:cdk:path': z.string() }).optional() })),
});

/** What `cdk synth` left: the construct that a logical id was made of. */
export async function constructPathOf(
  logicalId: string | undefined,
  { root }: Repository,
  io: Io,
): Promise<string | undefined> {
  if (logicalId === undefined) return undefined;
  for (const folder of new Set([join(root, 'cdk.out'), join(io.cwd, 'cdk.out')])) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.template.json'))) {
      const content = await textFile(join(folder, name), mostBytes);
      const path = content && pathIn(content.text, logicalId);
      if (path !== undefined) return path;
    }
  }
  return undefined;
}

function pathIn(text: string, logicalId: string): string | undefined {
  try {
    return assembled.safeParse(JSON.parse(text)).data?.Resources[logicalId]?.Metadata?.['aws:cdk:path'];
  } catch {
    return undefined;
  }
}
