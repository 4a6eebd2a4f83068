import { wishOfRun } from '../../apply/wish.ts';
import { ExitCode, exitCodeOfError, keptError, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { keysOf } from '../../base/keys.ts';
import { toolVersion } from '../../base/version.ts';
import type { Application } from '../../model/application.ts';
import {
  type AppliedFunction,
  type FleetApplication,
  fleetApplicationSchema,
  fleetApplicationSchemaVersion,
} from '../../model/fleet/fleetApplication.ts';
import type { PortfolioFunction } from '../../model/fleet/portfolio.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf } from '../../text/format.ts';
import { applicationExitCode, askToWrite, blank, planned, show } from '../shared/editing/editing.ts';
import { openRepository } from '../shared/editing/repository.ts';
import { interruptExitCode } from '../shared/exitCode.ts';
import { changingFunctions, readMerged, savedRunOf } from './changes.ts';

type ApplyFlags = ToolOptions<'fleet apply'>;

/** `tune fleet apply`: the answers of a portfolio as diffs, one after another. AWS is not called. */
export async function runFleetApply(
  place: string,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<ExitCode> {
  const options = parseFlags('fleet apply', flags);
  if (options.write && options.check)
    throw new TuneError('USAGE', '--check writes nothing, so it does not go with --write.');
  const { portfolio, folders } = await readMerged(place, io);
  const changes = changingFunctions(portfolio);
  // It would be said of each.
  if (changes.length > 0 && !(await openRepository(io)).isGit) {
    throw new TuneError('TEMPLATE', 'This folder is in no git repository, so there is no definition to look for.', {
      hint: 'Call tune fleet apply in the repository that defines the functions, with the path of the portfolio.',
    });
  }
  // Nobody to ask: said before the first diff, not after it.
  if (options.write && !options.yes && !(io.stdin.isTty && io.stderr.isTty)) await askToWrite(options, 'the files', io);
  const functions: AppliedFunction[] = [];
  for (const one of changes) {
    if (io.interrupted.aborted) break;
    const row = await applied(one, folders, options, io);
    if (row.error !== undefined && !options.json) {
      io.stdout.write(`${one.functionName}: ${escapeTerminal(row.error.message, 600)}\n`);
    }
    if (!options.json) io.stdout.write('\n');
    functions.push(row);
  }
  const document: FleetApplication = {
    schemaVersion: fleetApplicationSchemaVersion,
    kind: 'fleetApplication',
    tool: { name: 'lambda-tune', version: toolVersion },
    functions,
  };
  if (options.json) io.stdout.write(`${JSON.stringify(fleetApplicationSchema.parse(document), null, 2)}\n`);
  else io.stdout.write(`${sentenceOf(document)}\n`);
  return interruptExitCode(io.interrupted) ?? worstOf(functions, options);
}

/** One from its saved run to its file. Never throws. */
async function applied(
  one: PortfolioFunction,
  folders: readonly string[],
  options: ApplyFlags,
  io: Io,
): Promise<AppliedFunction> {
  const { functionName, functionArn } = one;
  const shown = (application: Application): AppliedFunction => {
    if (!options.json && application.outcome !== 'written') show(application, { ...options, json: false }, io);
    return { functionName, functionArn, application };
  };
  try {
    const wanted = wishOfRun(await savedRunOf(one, folders), undefined);
    if (wanted.kind === 'none') throw new TuneError('SAVED_RUN', wanted.why, { hint: wanted.hint });
    if (wanted.kind === 'stay') return shown(blank('stay', wanted.functionName, wanted.configuration));
    // Read anew for each: the one before may have changed the same file.
    const repository = await openRepository(io);
    const { application, write } = await planned(
      wanted.wish,
      repository,
      { file: undefined, select: undefined, globals: options.globals },
      io,
    );
    const row = shown(application);
    if (!options.write || write === undefined) return row;
    await askToWrite(options, write.file, io);
    await write.now();
    if (!options.json) io.stdout.write(`\nWritten: ${escapeTerminal(write.file)}\n`);
    return { functionName, functionArn, application: { ...application, outcome: 'written' } };
  } catch (error) {
    return { functionName, functionArn, application: null, error: keptError(error) };
  }
}

const words = {
  differs: 'to be written',
  written: 'written',
  present: 'there already',
  stay: 'to leave as it is',
  refused: 'not to be edited as a whole',
  several: 'with several definitions',
  notFound: 'without a definition here',
  failed: 'failed',
} as const;

function sentenceOf({ functions }: FleetApplication): string {
  if (functions.length === 0) return 'No function of the portfolio has an answer that changes something.';
  const outcomes = functions.map(({ application }) => application?.outcome ?? 'failed');
  const counts = keysOf(words)
    .map((outcome) => [outcomes.filter((one) => one === outcome).length, words[outcome]] as const)
    .filter(([count]) => count > 0)
    .map(([count, said]) => `${count} ${said}`);
  return `${formatNumberOf(functions.length, 'answer')}: ${counts.join(', ')}.`;
}

/** As `tune apply` ends for each; the worst of them. */
function worstOf(functions: readonly AppliedFunction[], options: ApplyFlags): ExitCode {
  const codes = functions.map(({ application, error }) =>
    application === null ? exitCodeOfError(error?.code ?? 'BUG') : applicationExitCode(application, options),
  );
  return (
    [ExitCode.bug, ExitCode.regressed, ExitCode.usage, ExitCode.notMeasured].find((code) => codes.includes(code)) ??
    ExitCode.ok
  );
}
