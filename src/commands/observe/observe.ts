import type { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseFlags } from '../../options/options.ts';
import { announcedText } from '../../reporters/observation/announced.ts';
import { observationReporters } from '../../reporters/registry.ts';
import { asObservation } from '../shared/documents.ts';
import { observationExitCode } from '../shared/exitCode.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { openReadingProgress } from '../shared/production/readingProgress.ts';
import { askedObservation, observeAsked } from './askedObservation.ts';

/** `tune observe`: what a person types and sees around `observeAsked`. */
export async function runObserve(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('observe', flags);
  const asked = askedObservation(options, io);
  const outputs = await planOutputs(options, Object.keys(observationReporters), io);
  const progress = openReadingProgress(options, io);
  try {
    const observation = await observeAsked(asked, io, {
      say: (text) => {
        if (!options.quiet) progress.say(text);
      },
      announce: (reading) => {
        if (!options.quiet) progress.say(announcedText(reading));
      },
      show: (text) => progress.show(text),
    });
    progress.end();
    await writeOutputs(outputs, asObservation(observation), io, options);
    return observationExitCode(observation, io.interrupted);
  } finally {
    progress.end();
  }
}
