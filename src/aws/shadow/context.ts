import type { Configuration } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Overlay } from '../../model/variant.ts';
import type { Warning } from '../../model/warning.ts';
import type { Journal } from '../../state/journal.ts';
import type { Resource } from '../../state/journalFormat.ts';
import type { AwsClients } from '../client/client.ts';
import type { Secrets } from '../client/quote.ts';
import type { ShadowClock } from '../client/stopping.ts';
import type { TargetSource } from '../target/targetSource.ts';
import type { SettlingPaces } from './pace.ts';
import type { ShadowChanges, ShadowRun } from './shadowRequest.ts';

/** What happens in the account, for whoever shows it. Names are untrusted: they contain the target's. */
export type ShadowEvent =
  | {
      readonly kind: 'account';
      readonly action: 'creating' | 'created' | 'ready' | 'removing' | 'removed';
      readonly name: string;
    }
  | { readonly kind: 'warning'; readonly warning: Warning };

export interface ShadowOptions extends Omit<ShadowChanges, 'overlay'> {
  /** Most invocations in flight at once: the measuring client opens as many sockets. */
  readonly maxInFlight: number;
  readonly stagingBucket?: string | undefined;
  /** What the copies of a configuration have in place of what the function has. */
  readonly overlayOf?: (configuration: Configuration) => Overlay;
  /** Of all overlays: what may never be shown. */
  readonly overlaidValues?: readonly string[];
  /** How long a REPORT is looked for in the logs. Default 60 s. */
  readonly reportWaitMs?: number;
  /** How long `remove` may take, asked when it begins. Default 6 minutes. */
  readonly removalBoundMs?: () => number;
}

type StagedResource = Extract<Resource, { kind: 'stagedObject' }>;

/** What every part of a run's shadows works with. */
export interface ShadowContext {
  readonly clients: AwsClients;
  readonly facts: FunctionFacts;
  readonly source: TargetSource;
  readonly run: ShadowRun;
  readonly options: ShadowOptions;
  readonly journal: Journal;
  readonly clock: ShadowClock;
  readonly secrets: Secrets;
  readonly logGroup: string;
  /** What was put into the staging bucket, or may have been. */
  readonly staged: StagedResource[];
  readonly onEvent: (event: ShadowEvent) => void;
  /** What is known of how long things take to settle. */
  readonly paces: SettlingPaces;
  /** The end of the lease as it is now: a run that overruns renews it. */
  expiresAt(): Date;
}

/** Whether a thing is there and this run's. `perhaps`: it was asked for, and the answer was lost. */
export interface Presence {
  is: 'absent' | 'perhaps' | 'there';
  /** Monotonic: when its creation was answered. */
  sinceMs?: number;
}

export function warn(context: Pick<ShadowContext, 'onEvent'>, code: string, text: string): void {
  context.onEvent({ kind: 'warning', warning: { code, text } });
}
