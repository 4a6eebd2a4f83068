import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { TuningResult } from '../domain/result.ts';
import { howToSave, parseSavedRun } from '../domain/savedRun.ts';
import { ExitCode, TuneError } from '../errors.ts';
import type { Io } from '../io.ts';
import { absolutePath } from './inputs.ts';
import { planOutputs, writeOutputs } from './outputs.ts';

const flagsSchema = z.strictObject({
  report: z.array(z.string()).optional(),
  json: z.boolean().optional(),
  quiet: z.boolean().optional(),
  color: z.boolean().optional(),
});

/** `tune report run.json`: renders a saved run again. Nothing is looked up or measured. */
export async function runReport(file: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = flagsSchema.parse(flags);
  const outputs = await planOutputs(options, io);
  await writeOutputs(outputs, await readSavedRun(file, io), io, options);
  return ExitCode.ok;
}

/** `-` is standard input. @throws TuneError SAVED_RUN for what cannot be read or is not a saved run */
export async function readSavedRun(file: string, io: Io): Promise<TuningResult> {
  if (file === '-') return parseSavedRun(new TextDecoder().decode(await io.stdin.read()), 'standard input');
  const text = await readFile(absolutePath(file, io), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TuneError('SAVED_RUN', `Cannot read the saved run ${file} (${error.code ?? 'unknown error'}).`, {
      hint: error.code === 'ENOENT' ? howToSave : 'The file must be readable: check the path and its permissions.',
      cause: error,
    });
  });
  return parseSavedRun(text, file);
}
