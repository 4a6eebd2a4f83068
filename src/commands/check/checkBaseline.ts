import writeFileAtomic from 'write-file-atomic';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { SavedBaseline } from '../../check/baseline.ts';
import type { TuningResult } from '../../model/run.ts';
import type { RunOptions } from '../../options/options.ts';
import { renderJson } from '../../reporters/run/json.ts';
import { readSavedRun } from '../shared/documents.ts';
import { absolutePath } from '../shared/inputs.ts';
import { checkWritable } from '../shared/outputs.ts';
import { baselineRecipe } from './baselineRecipe.ts';

/** Reads and writes the files that a function is compared with. */

/** Undefined: the file is not there yet, which was allowed. @throws TuneError SAVED_RUN naming the command that makes one */
export async function readBaselines(
  options: RunOptions & { readonly function: string },
  io: Io,
): Promise<readonly SavedBaseline[] | undefined> {
  const { baseline: files = [], allowMissingBaseline, updateBaseline } = options;
  const [only, ...others] = files;
  if (updateBaseline && (only === undefined || others.length > 0)) {
    throw new TuneError('USAGE', '--update-baseline needs one --baseline file.', {
      hint: 'Example: tune check --function orders --baseline tune.json --update-baseline',
    });
  }
  if (updateBaseline && only !== undefined) await checkWritable(absolutePath(only, io), only);
  const read = await Promise.all(
    files.map((shown) =>
      readSavedRun(shown, io).then(
        (run) => ({ shown, run }),
        (error: unknown) => {
          if (allowMissingBaseline && isMissing(error)) return undefined;
          throw withRecipe(error, baselineRecipe(options, shown));
        },
      ),
    ),
  );
  const found = read.filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found;
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof TuneError && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT'
  );
}

function withRecipe(error: unknown, recipe: string): unknown {
  if (!(error instanceof TuneError)) return error;
  return new TuneError(error.code, error.message, {
    hint: `Make one with: ${recipe}   or on the first run give --allow-missing-baseline --update-baseline`,
    cause: error,
  });
}

/** Whole or not at all: a reader never meets half a baseline, and the old one stays when the disk is full. */
export async function writeBaseline(
  file: string,
  run: TuningResult,
  acceptedRegression: string | undefined,
  io: Io,
): Promise<void> {
  const saved = acceptedRegression === undefined ? run : { ...run, acceptedRegression };
  await writeFileAtomic(absolutePath(file, io), renderJson(saved)).catch((error: NodeJS.ErrnoException) => {
    throw new TuneError(
      'REPORT_PATH',
      `The baseline ${file} could not be written (${error.code ?? 'unknown error'}).`,
      {
        hint: 'The old one is as it was. Check the disk and the permissions of its folder, then run again.',
        cause: error,
      },
    );
  });
}
