import { fstat, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Io } from '../../../base/io.ts';
import { ownerPattern } from '../../../local/places/ownerFolder.ts';

/**
 * What tune itself writes while it runs: the files to which a shell leads its output, and its folders in the temporary directory. They
 * may lie in a function's folder (`tune local . > log`, `TMPDIR=./tmp`), and are no part of it.
 */
export interface OwnFiles {
  /** @param stats of a file, where they are known: by them an output is recognised */
  has(path: string, stats: Pick<Stats, 'dev' | 'ino'> | undefined): boolean;
}

export async function ownFiles({ temporaryDirectory, stdout, stderr }: Io): Promise<OwnFiles> {
  const outputs = (await Promise.all([stdout, stderr].map(fileOf))).filter((one) => one !== undefined);
  const real = await realpath(temporaryDirectory).catch(() => temporaryDirectory);
  return {
    has: (path, stats) =>
      outputs.some(({ dev, ino }) => dev === stats?.dev && ino === stats.ino) ||
      (ownerPattern.test(basename(path)) && [temporaryDirectory, real].includes(dirname(path))),
  };
}

/** Of output that a shell leads to a file: which one. */
async function fileOf({ descriptor }: Io['stdout']): Promise<Stats | undefined> {
  const stats = descriptor === undefined ? undefined : await promisify(fstat)(descriptor);
  return stats?.isFile() === true ? stats : undefined;
}
