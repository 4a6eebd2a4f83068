import { fstat, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Io } from '../../../base/io.ts';

/**
 * What tune itself writes while it runs: the files to which a shell leads its output, and its folders in the temporary directory. They
 * may lie in a function's folder (`tune local . > log`, `TMPDIR=./tmp`), and are no part of it.
 */
export interface OwnFiles {
  /** @param stats of a file, where they are known: by them an output is recognised */
  has(path: string, stats: Pick<Stats, 'dev' | 'ino'> | undefined): boolean;
}

/** As they are made by `mkdtemp`: of environments, of bundles, of code that is written in a template. */
const ownFolder = /^tune-(?:local-\d+-\d+-\d+|bundle(?:-\d+-\d+-\d+)?|inline(?:-\d+-\d+-\d+)?)-[A-Za-z0-9]{6}$/;

export async function ownFiles({ temporaryDirectory, stdout, stderr }: Io): Promise<OwnFiles> {
  const outputs = (await Promise.all([stdout, stderr].map(fileOf))).filter((one) => one !== undefined);
  const real = await realpath(temporaryDirectory).catch(() => temporaryDirectory);
  return {
    has: (path, stats) =>
      outputs.some(({ dev, ino }) => dev === stats?.dev && ino === stats.ino) ||
      (ownFolder.test(basename(path)) && [temporaryDirectory, real].includes(dirname(path))),
  };
}

/** Of output that a shell leads to a file: which one. */
async function fileOf({ descriptor }: Io['stdout']): Promise<Stats | undefined> {
  const stats = descriptor === undefined ? undefined : await promisify(fstat)(descriptor);
  return stats?.isFile() === true ? stats : undefined;
}
