import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { Portfolio } from '../../model/fleet/portfolio.ts';
import { parseFlags } from '../../options/options.ts';
import { portfolioReporters } from '../../reporters/registry.ts';
import { asPortfolio } from '../shared/documents.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { loadPortfolio } from './loadPortfolio.ts';

/** `tune fleet merge`: one document of what the parts measured. Reads files, and asks nobody. */
export async function runFleetMerge(
  folders: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<ExitCode> {
  const options = parseFlags('fleet merge', flags);
  if (folders.length === 0) {
    throw new TuneError('USAGE', 'Which folders?', { hint: 'What tune fleet run --out named: tune fleet merge runs' });
  }
  const outputs = await planOutputs(options, Object.keys(portfolioReporters), io);
  const portfolio = await loadPortfolio(folders, io);
  await writeOutputs(outputs, asPortfolio(portfolio), io, options);
  return mergedExitCode(portfolio);
}

/** What is left first, then whether all parts are there and anything was measured. */
function mergedExitCode({ leftBehind, shards, total }: Portfolio): ExitCode {
  if (leftBehind.length > 0) return ExitCode.leftBehind;
  return shards.missing.length > 0 || (total.functions > 0 && total.measured === 0)
    ? ExitCode.notMeasured
    : ExitCode.ok;
}
