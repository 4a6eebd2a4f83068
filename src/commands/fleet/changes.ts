import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseSavedPortfolio, parseSavedRun } from '../../documents/savedDocument.ts';
import type { Portfolio, PortfolioFunction } from '../../model/fleet/portfolio.ts';
import type { TuningResult } from '../../model/run.ts';
import { readDocument } from '../shared/documents.ts';
import { absolutePath } from '../shared/inputs.ts';
import { loadPortfolio } from './loadPortfolio.ts';

/** A portfolio with the folders that its saved runs may lie in. */
export interface Merged {
  readonly portfolio: Portfolio;
  readonly folders: readonly string[];
}

/** The document of `tune fleet merge --json`, or a folder of runs, which is merged first. @throws TuneError SAVED_RUN */
export async function readMerged(place: string, io: Io): Promise<Merged> {
  const path = absolutePath(place, io);
  const isFolder = place !== '-' && (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (isFolder) return { portfolio: await loadPortfolio([place], io), folders: [path] };
  const { text, shown } = await readDocument(
    place,
    io,
    'Make it with: tune fleet merge runs --json > portfolio.json, or give the folder of the runs.',
  );
  const portfolio = parseSavedPortfolio(text, shown);
  // As they were named when they were merged: seen from here, or from where the document lies.
  const beside = place === '-' ? io.cwd : dirname(path);
  const folders = portfolio.folders.flatMap((folder) => [absolutePath(folder, io), join(beside, folder)]);
  return { portfolio, folders: [...new Set(folders)] };
}

/** Those whose answer is another configuration than they have. */
export function changingFunctions({ functions }: Portfolio): readonly PortfolioFunction[] {
  return functions.filter(({ answer }) => answer?.kind === 'change');
}

/** @throws TuneError SAVED_RUN where it is in none of the folders */
export async function savedRunOf({ runFile }: PortfolioFunction, folders: readonly string[]): Promise<TuningResult> {
  if (runFile === null) throw new TuneError('SAVED_RUN', 'The portfolio names no saved run of it.');
  for (const folder of folders) {
    const text = await readFile(join(folder, runFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new TuneError('SAVED_RUN', `Cannot read ${runFile} (${error.code ?? 'unknown error'}).`, { cause: error });
    });
    if (text !== undefined) return parseSavedRun(text, runFile);
  }
  throw new TuneError('SAVED_RUN', `Its saved run ${runFile} is not in ${folders.join(', ')}.`, {
    hint: 'Call tune where the folders that were merged are, or give the folder of the runs.',
  });
}
