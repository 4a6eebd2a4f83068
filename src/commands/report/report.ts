import { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseFlags } from '../../options/options.ts';
import { withDocument } from '../shared/documents.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';

/** `tune report run.json`: renders what was saved again, in any format of its kind. Nothing is looked up or measured. */
export async function runReport(file: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('report', flags);
  return withDocument(file, io, async (rendered) => {
    const outputs = await planOutputs(options, Object.keys(rendered.reporters), io);
    await writeOutputs(outputs, rendered, io, options);
    return ExitCode.ok;
  });
}
