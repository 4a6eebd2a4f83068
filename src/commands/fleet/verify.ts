import { ExitCode, exitCodeOfError, keptError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { canColor } from '../../host/terminal.ts';
import { sameConfiguration } from '../../model/configuration.ts';
import type { PortfolioFunction } from '../../model/fleet/portfolio.ts';
import {
  type Verification,
  type VerifiedFunction,
  verificationSchema,
  verificationSchemaVersion,
} from '../../model/fleet/verification.ts';
import { minuteOf, periodOf } from '../../observe/period.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { fleetQuiet, fleetText } from '../../reporters/fleet/text.ts';
import { verificationPage } from '../../reporters/fleet/verification.ts';
import { formatNumberOf, formatUsd } from '../../text/format.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { type Connections, openConnections } from '../shared/connections.ts';
import { interruptExitCode, observationExitCode } from '../shared/exitCode.ts';
import { askedChangeOf, type Observing, observeFunction } from '../shared/production/observeFunction.ts';
import { openReadingProgress } from '../shared/production/readingProgress.ts';
import { changingFunctions, readMerged } from './changes.ts';

type VerifyOptions = ToolOptions<'fleet verify'>;

/** `tune fleet verify`: what production says since the answers were deployed. Nothing is invoked or changed. */
export async function runFleetVerify(
  place: string,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<ExitCode> {
  const options = parseFlags('fleet verify', flags);
  const now = io.now();
  const period = periodOf(options.since, undefined, now);
  const sinceChangeMs = askedChangeOf(
    { sinceChange: options.sinceChange ?? true, require: options.require },
    period,
    now,
  );
  const { portfolio } = await readMerged(place, io);
  const changes = changingFunctions(portfolio);
  const progress = openReadingProgress(options, io);
  if (changes.length > 0) {
    progress.say(
      `${formatNumberOf(changes.length, 'function')} of the portfolio, ${minuteOf(period.fromMs)} to ${minuteOf(period.toMs)} (UTC). Nothing is invoked or changed. Reads cost at most ${formatUsd(options.maxSpendUsd)} each (--max-spend-usd), ${formatUsd(changes.length * options.maxSpendUsd)} in all.`,
    );
  }
  const connections = openConnections(io);
  const functions: VerifiedFunction[] = [];
  try {
    for (const [nth, one] of changes.entries()) {
      if (io.interrupted.aborted) break;
      progress.show(`${nth + 1} of ${changes.length}: ${one.functionName}`);
      const reading = { period, sinceChangeMs, now };
      functions.push(await verified(one, options, reading, connections, io, (text) => progress.show(text)));
    }
    progress.end();
    const document: Verification = {
      schemaVersion: verificationSchemaVersion,
      kind: 'fleetVerification',
      tool: { name: 'lambda-tune', version: toolVersion },
      require: options.require,
      functions,
      spentUsd: functions.reduce((sum, { observation }) => sum + (observation?.spend.spentUsd ?? 0), 0),
    };
    io.stdout.write(textOf(document, options, io));
    return interruptExitCode(io.interrupted) ?? worstOf(functions, io);
  } finally {
    progress.end();
    await connections.close();
  }
}

/** One from its clients to its verdict. Never throws. */
async function verified(
  one: PortfolioFunction,
  options: VerifyOptions,
  reading: Pick<Observing, 'period' | 'sinceChangeMs' | 'now'>,
  connections: Connections,
  io: Io,
  show: (text: string) => void,
): Promise<VerifiedFunction> {
  const { functionName, functionArn, region, accountId, answer } = one;
  const common = { functionName, functionArn, region, accountId };
  try {
    const reach = {
      ...options,
      profile: options.profile ?? one.profile,
      assumeRole: options.assumeRole ?? one.role,
    };
    const clients = await connections.clients(clientOptions(reach, region));
    const observation = await observeFunction(
      { ...reading, named: functionArn, options: { ...options, seed: undefined, xray: false } },
      clients,
      io,
      { say: () => undefined, announce: () => undefined, show },
    );
    const isRead = observation.sources.some(({ status }) => status === 'read' || status === 'partly');
    const { current } = observation;
    const to = answer?.configuration;
    return {
      ...common,
      // What was required and has no change to judge is not told, as tune observe ends.
      verdict: isRead ? (observation.sinceChange?.required?.decided ?? 'inconclusive') : 'unread',
      isDeployed:
        to === undefined
          ? null
          : sameConfiguration({ ...to, memoryMb: current.memoryMb, architecture: current.architecture }, to),
      observation,
    };
  } catch (error) {
    return { ...common, verdict: 'unread', isDeployed: null, observation: null, error: keptError(error) };
  }
}

function textOf(document: Verification, options: VerifyOptions, io: Io): string {
  if (options.json) return `${JSON.stringify(verificationSchema.parse(document), null, 2)}\n`;
  const page = verificationPage(document);
  if (options.quiet) return fleetQuiet(page);
  const { isTty, columns } = io.stdout;
  return fleetText(
    page,
    isTty ? { columns, color: canColor(io.stdout, options, io) } : { columns: 80, color: false, isPipe: true },
  );
}

/** As `tune observe --since-change --require` ends for each; the worst of them. */
function worstOf(functions: readonly VerifiedFunction[], io: Io): ExitCode {
  const codes = functions.map(({ observation, error, verdict }) => {
    if (observation === null) return exitCodeOfError(error?.code ?? 'BUG');
    return verdict === 'inconclusive' ? ExitCode.inconclusive : observationExitCode(observation, io.interrupted);
  });
  const order = [ExitCode.bug, ExitCode.regressed, ExitCode.usage, ExitCode.notMeasured, ExitCode.inconclusive];
  return order.find((code) => codes.includes(code)) ?? ExitCode.ok;
}
