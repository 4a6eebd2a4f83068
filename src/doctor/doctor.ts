import type { FunctionFacts } from '../model/functionFacts.ts';
import { defaultMaxInFlight } from '../plan/inFlightLimit.ts';
import { numberOf } from '../text/numberOf.ts';

/** What `tune doctor` finds out, one line each. */
export interface Diagnosis {
  readonly subject: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** May quote names of others: escape where shown. */
  readonly text: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** What went wrong with a read, as its error says it. */
interface Problem {
  readonly message: string;
  readonly hint: string;
}

export type ReadOrProblem<T> = { readonly value: T } | { readonly problem: Problem };

/** What was read of the machine. */
export interface Machine {
  /** `v20.1.2` */
  readonly nodeVersion: string;
  readonly stateDirectory: ReadOrProblem<{ readonly folder: string; readonly warning?: string | undefined }>;
  readonly unreadableJournals: readonly string[];
}

/** What was read of the account; nothing further is read where the credentials do not work. */
export interface AccountFound {
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly proxied: boolean;
  readonly identity: ReadOrProblem<{ readonly accountId: string; readonly arn: string }>;
  readonly credentialsExpireInS?: number | undefined;
  /** Service minus machine. */
  readonly clockOffsetMs: number;
  readonly looks?: Looks;
}

interface Looks {
  /** Undefined: it may not be read. */
  readonly concurrency?: { readonly unreserved: number; readonly total?: number | undefined } | undefined;
  /** Names of functions that begin as shadows do. */
  readonly shadows: ReadOrProblem<readonly string[]>;
  readonly logGroups: ReadOrProblem<readonly string[]>;
  /** Runs of dead processes on this machine whose journals are there. */
  readonly deadRuns: readonly string[];
  readonly target?: ReadOrProblem<FunctionFacts> | undefined;
}

const oldestNode = 20;

export function diagnoseMachine({ nodeVersion, stateDirectory, unreadableJournals }: Machine): readonly Diagnosis[] {
  const major = Number(/^v(\d+)/.exec(nodeVersion)?.[1] ?? 0);
  return [
    major >= oldestNode
      ? ok('node', nodeVersion)
      : fail('node', `${nodeVersion} is too old`, `Install Node ${oldestNode} or later.`),
    'problem' in stateDirectory
      ? failed('state', stateDirectory.problem)
      : stateDirectory.value.warning === undefined
        ? ok('state', `journals go to ${stateDirectory.value.folder}`)
        : warn('state', stateDirectory.value.warning, 'Set TUNE_STATE_DIR to a folder that you may write.'),
    ...unreadableJournals.map((file) =>
      warn('journal', `${file} cannot be read`, 'Look what it is, and delete it when nothing of its run is left.'),
    ),
  ];
}

export function diagnoseAccount(account: AccountFound): readonly Diagnosis[] {
  const { region, endpoint, proxied, identity, looks } = account;
  const way = `${endpoint === undefined ? '' : ` at ${endpoint}`}${proxied ? ', through the proxy of HTTPS_PROXY' : ''}`;
  return [
    ok('region', `${region}${way}`),
    'problem' in identity
      ? failed('credentials', identity.problem)
      : credentials(identity.value, account.credentialsExpireInS),
    clock(account.clockOffsetMs),
    ...(looks === undefined ? [] : diagnoseLooks(looks)),
  ];
}

const soonS = 3600;

function credentials({ accountId, arn }: { accountId: string; arn: string }, expireInS: number | undefined): Diagnosis {
  const who = `${arn}, account ${accountId}`;
  if (expireInS === undefined || expireInS > soonS) return ok('credentials', who);
  const text = `${who}; they expire in ${Math.max(0, Math.round(expireInS / 60))} min`;
  return warn(
    'credentials',
    text,
    'Sign in again before a long run: what it measured would be kept, but removing takes credentials, too.',
  );
}

/** Signatures of requests stand five minutes. */
const signedForMs = 5 * 60_000;

function clock(offsetMs: number): Diagnosis {
  if (Math.abs(offsetMs) < signedForMs) return ok('clock', "within five minutes of the service's");
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const text = `${minutes} min ${offsetMs > 0 ? 'behind' : 'ahead of'} the service's`;
  return warn(
    'clock',
    text,
    'Set it (`timedatectl set-ntp true`): requests are signed with the time, and tune has to correct for it.',
  );
}

/** Below it an account is a new one, whose memory sizes are often limited, too. */
const newAccountConcurrency = 100;

function diagnoseLooks({ concurrency, shadows, logGroups, deadRuns, target }: Looks): readonly Diagnosis[] {
  return [
    concurrency === undefined
      ? warn(
          'concurrency',
          `may not be read; tune will keep ${defaultMaxInFlight({}, [])} invocations in flight`,
          allow('lambda:GetAccountSettings'),
        )
      : concurrencyLine(concurrency),
    concurrency !== undefined && (concurrency.total ?? concurrency.unreserved) < newAccountConcurrency
      ? warn(
          'memory',
          'no read tells the largest size; accounts with so little concurrency often stop at 3,008 MB',
          'Larger sizes are then dropped, and that is said; AWS Support raises the limit.',
        )
      : ok(
          'memory',
          'no read tells whether sizes above 3,008 MB are allowed; where they are not, they are dropped and that is said',
        ),
    ...(target === undefined ? [] : [targetLine(target)]),
    ...lists(shadows, logGroups),
    ...leftovers(shadows, deadRuns),
  ];
}

function concurrencyLine({ unreserved }: { readonly unreserved: number }): Diagnosis {
  const inFlight = defaultMaxInFlight({ unreservedConcurrency: unreserved }, []);
  const text = `${unreserved} unreserved; tune will keep ${inFlight} in flight`;
  return unreserved >= newAccountConcurrency
    ? ok('concurrency', text)
    : warn(
        'concurrency',
        `${text}: production shares it`,
        'Measure at a quiet hour, or ask AWS for a higher quota of concurrent executions.',
      );
}

function targetLine(target: ReadOrProblem<FunctionFacts>): Diagnosis {
  if ('problem' in target) return failed('function', target.problem);
  const { functionName, qualifier, runtime, memoryMb, architecture, notices } = target.value;
  const name = qualifier === '$LATEST' ? functionName : `${functionName}:${qualifier}`;
  const text = `${name} can be copied: ${runtime ?? 'container image'}, ${memoryMb} MB, ${architecture}`;
  return ok('function', notices.length === 0 ? text : `${text}; ${numberOf(notices.length, 'remark')} (see --dry-run)`);
}

/** Only `tune cleanup` lists. */
function lists(shadows: ReadOrProblem<unknown>, logGroups: ReadOrProblem<unknown>): readonly Diagnosis[] {
  const missing = [shadows, logGroups].flatMap((read) => ('problem' in read ? [read.problem] : []));
  return missing.length === 0
    ? [
        ok(
          'permissions',
          'functions and log groups may be listed; what a run may write is only known by writing (`tune policy`)',
        ),
      ]
    : missing.map(({ message, hint }) => warn('permissions', `${message} \`tune cleanup\` needs it`, hint));
}

function leftovers(shadows: ReadOrProblem<readonly string[]>, deadRuns: readonly string[]): readonly Diagnosis[] {
  const names = 'value' in shadows ? shadows.value : [];
  const found = [
    ...(deadRuns.length === 0 ? [] : [`killed runs: ${listed(deadRuns)}`]),
    ...(names.length === 0
      ? []
      : [`${numberOf(names.length, 'copy', 'copies')} (${listed(names)}), of runs that are alive or dead`]),
  ];
  return found.length === 0
    ? [ok('left behind', 'nothing')]
    : [warn('left behind', found.join('; '), 'Look, then remove: tune cleanup --dry-run, tune cleanup')];
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
}

function allow(action: string): string {
  return `Allow ${action}: \`tune policy\` prints all that is needed.`;
}

function ok(subject: string, text: string): Diagnosis {
  return { subject, level: 'ok', text };
}

function warn(subject: string, text: string, cure: string): Diagnosis {
  return { subject, level: 'warn', text, cure };
}

function fail(subject: string, text: string, cure: string): Diagnosis {
  return { subject, level: 'fail', text, cure };
}

function failed(subject: string, { message, hint }: Problem): Diagnosis {
  return fail(subject, message, hint);
}
