import { serviceOffsetMs } from '../../aws/account/accountContext.ts';
import { listFunctions, listLogGroups } from '../../aws/account/accountLists.ts';
import { configuredEndpoint, reachOf } from '../../aws/cleanup/journalReach.ts';
import { type AwsClients, createClients } from '../../aws/client/client.ts';
import { callerIdentity } from '../../aws/client/identity.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { parseFunctionRef } from '../../aws/target/functionRef.ts';
import { describeTarget } from '../../aws/target/target.ts';
import { readAccount } from '../../aws/target/targetReads.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import {
  type AccountFound,
  type Diagnosis,
  diagnoseAccount,
  diagnoseMachine,
  type ReadOrProblem,
} from '../../doctor/doctor.ts';
import { openStateDirectory } from '../../host/stateDirectory.ts';
import { canColor } from '../../host/terminal.ts';
import { parseFlags } from '../../options/options.ts';
import type { ToolOptions } from '../../options/table.ts';
import { renderDiagnoses } from '../../reporters/doctor/diagnoses.ts';
import { painter } from '../../text/terminalStyle.ts';
import { clientOptions } from '../shared/clientOptions.ts';
import { readOwnJournals } from '../shared/leftovers.ts';

type DoctorFlags = ToolOptions<'doctor'>;

/** `tune doctor`: looks at what a run needs, with reads only; 2 when something would keep it from starting. */
export async function runDoctor(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const parsed = parseFlags('doctor', flags);
  const { unreadable } = readOwnJournals(io);
  const machine = diagnoseMachine({
    nodeVersion: io.nodeVersion,
    stateDirectory: await read(async () => {
      const { folder, warning } = openStateDirectory(io);
      return { folder, warning: warning?.text };
    }),
    unreadableJournals: unreadable.map(({ file }) => file),
  });
  const diagnoses = [...machine, ...(await accountDiagnoses(parsed, io))];
  io.stdout.write(
    parsed.json
      ? `${JSON.stringify({ checks: diagnoses }, null, 2)}\n`
      : renderDiagnoses(diagnoses, io.stdout.columns, painter(canColor(io.stdout, parsed, io))),
  );
  return diagnoses.some(({ level }) => level === 'fail') ? ExitCode.usage : ExitCode.ok;
}

async function accountDiagnoses(flags: DoctorFlags, io: Io): Promise<readonly Diagnosis[]> {
  const region = flags.region ?? (flags.function === undefined ? undefined : parseFunctionRef(flags.function).region);
  const opened = await read(() => createClients({ ...clientOptions(flags, region), viaProxy: usesProxy(io.env) }, io));
  if ('problem' in opened) {
    // A profile that is not there is found out first, too.
    const subject = /profile/.test(opened.problem.message) ? 'credentials' : 'region';
    return [{ subject, level: 'fail', text: opened.problem.message, cure: opened.problem.hint }];
  }
  const clients = opened.value;
  try {
    return diagnoseAccount(await examine(clients, flags, io));
  } finally {
    clients.destroy();
  }
}

async function examine(clients: AwsClients, flags: DoctorFlags, io: Io): Promise<AccountFound> {
  const endpoint = configuredEndpoint(flags.endpointUrl, io.env);
  const identity = await read(() => callerIdentity(clients));
  const works = 'value' in identity;
  // Any answer shows the service's time, which all clients share.
  const concurrency = works ? await read(() => readAccount(clients)) : undefined;
  const expiresAt = works ? await clients.credentialsExpireAt() : undefined;
  const account = {
    region: clients.region,
    endpoint,
    proxied: usesProxy(io.env),
    identity,
    credentialsExpireInS: expiresAt === undefined ? undefined : (expiresAt.getTime() - io.now().getTime()) / 1000,
    clockOffsetMs: serviceOffsetMs(clients),
  };
  if (!works) return account;
  const limits = concurrency !== undefined && 'value' in concurrency ? concurrency.value?.AccountLimit : undefined;
  const { UnreservedConcurrentExecutions: unreserved, ConcurrentExecutions: total } = limits ?? {};
  const context = { clients, clock: io, signal: io.interrupted };
  const here = { region: clients.region, endpoint };
  const named = flags.function;
  return {
    ...account,
    looks: {
      concurrency: unreserved === undefined ? undefined : { unreserved, total },
      shadows: await read(async () => (await listFunctions(context)).map(({ name }) => name)),
      logGroups: await read(async () => (await listLogGroups(context)).map(({ name }) => name)),
      deadRuns: readOwnJournals(io)
        .journals.filter(({ liveness, contents }) => liveness === 'dead' && reachOf(contents.header, here) === 'here')
        .map(({ runId }) => runId),
      target: named === undefined ? undefined : await read(async () => (await describeTarget(clients, named)).facts),
    },
  };
}

/** What a user can meet is told, a bug is thrown. */
async function read<T>(look: () => Promise<T>): Promise<ReadOrProblem<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof TuneError)) throw error;
    return { problem: { message: error.message, hint: error.hint } };
  }
}
