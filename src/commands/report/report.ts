import { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { parseFlags } from '../../options/options.ts';
import { withDocument } from '../shared/documents.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { loadTraffic } from '../shared/traffic.ts';

/**
 * `tune report run.json`: renders what was saved again, in any format of its kind, at another traffic where one is given. Nothing
 * is looked up or measured.
 */
export async function runReport(file: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const options = parseFlags('report', flags);
  const traffic = await loadTraffic(options, io);
  return withDocument(file, io, traffic, async (rendered) => {
    const outputs = await planOutputs(options, Object.keys(rendered.reporters), io);
    await writeOutputs(outputs, rendered, io, options);
    return ExitCode.ok;
  });
}
