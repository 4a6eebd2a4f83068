import { messageOf } from '../../base/errors.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Deployment, LeftBehind, Platform } from '../../model/platform.ts';
import type { Journal } from '../../state/journal.ts';
import type { AwsClients } from '../client/client.ts';
import { runLogGroup } from '../client/names.ts';
import { textsOf, withoutSecrets } from '../client/quote.ts';
import type { ShadowClock } from '../client/stopping.ts';
import { invokeOnce } from '../invoke/invoke.ts';
import { secretsOf, type TargetSource } from '../target/targetSource.ts';
import { type ShadowContext, type ShadowEvent, type ShadowOptions, warn } from './context.ts';
import { holdLease, renewTags } from './lease.ts';
import { runLogs } from './logs.ts';
import { newPaces } from './pace.ts';
import { shadowDeployments } from './shadowDeployments.ts';
import { shadowRemoval } from './shadowRemoval.ts';
import type { ShadowRun } from './shadowRequest.ts';

export interface AwsPlatformInput {
  readonly clients: AwsClients;
  readonly facts: FunctionFacts;
  readonly source: TargetSource;
  readonly run: ShadowRun;
  readonly options: ShadowOptions;
  readonly journal: Journal;
  readonly clock: ShadowClock;
  readonly onEvent: (event: ShadowEvent) => void;
}

export interface AwsPlatform extends Platform {
  /** Extends the lease on everything that is alive, for a run that overruns it. Failing to is a warning. */
  renewLease(expiresAt: Date): Promise<void>;
  /**
   * After `remove` and after the result was shown: a late flush of logs may have made the run's log group anew. Never
   * throws; what is left then.
   */
  lastLook(): Promise<readonly LeftBehind[]>;
}

/** How long after it became active a shadow may still be unknown to a host of the service. */
const newForMs = 15_000;

/** The platform on a Lambda service: throwaway copies of the target. Nothing is created before the first `deploy`. */
export function createAwsPlatform(input: AwsPlatformInput): AwsPlatform {
  const { clients, facts, source, options, journal, clock } = input;
  let expiresAt = input.run.expiresAt;
  const context: ShadowContext = {
    ...input,
    secrets: [...secretsOf(source.reveal(), options.env), ...(options.overlaidValues ?? [])],
    logGroup: runLogGroup(input.run.id),
    staged: [],
    paces: newPaces(),
    expiresAt: () => expiresAt,
  };
  const measuring = clients.measuring({ maxInFlight: options.maxInFlight, functionTimeoutS: facts.timeoutS });
  const deployments = shadowDeployments(context);
  const logs = runLogs(context);
  const removal = shadowRemoval(context, deployments);
  const readyAtMs = new Map<string, number>();
  let reading: Promise<unknown> = Promise.resolve();
  const keyOf = ({ functionName, version }: Deployment) => `${functionName}:${version}`;
  const invoking = {
    client: measuring,
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    streams: facts.streams !== undefined,
    secrets: context.secrets,
    hostTimeOf: clients.hostTimeOf,
    isNew: (deployment: Deployment) => clock.monotonicMs() - (readyAtMs.get(keyOf(deployment)) ?? 0) < newForMs,
  };

  const becameReady = (deployment: Deployment) => {
    if (!readyAtMs.has(keyOf(deployment))) readyAtMs.set(keyOf(deployment), clock.monotonicMs());
    return deployment;
  };

  const renewLease = async (until: Date) => {
    expiresAt = until;
    try {
      await renewTags(context, deployments.shadows, until);
      journal.renewed(until);
    } catch (error) {
      const text = messageOf(error);
      warn(
        context,
        'lease',
        `The lease of the copies could not be renewed: ${text} A clean-up elsewhere may take them for leftovers.`,
      );
    }
  };

  return {
    deploy: async (configuration, signal, accepted) =>
      becameReady(await deployments.deploy(configuration, signal, accepted)),
    renew: async (deployment, signal) => becameReady(await deployments.renew(deployment, signal)),
    invoke: (deployment, body, signal) => invokeOnce(invoking, deployment, body, signal),
    redacted: (text, sentBody) => withoutSecrets(text, [...context.secrets, ...textsOf(sentBody)]),
    findReport: (_deployment, lookup, signal) => logs.findReport(lookup, signal),
    environments(_since, signal) {
      const read = logs.environments(signal);
      reading = read;
      return read;
    },
    async release(deployment) {
      removal.release(deployment);
    },
    remove: () => removal.removeAll(reading),
    lastLook: () => removal.lastLook(),
    holdLease: () => holdLease(context, renewLease),
    renewLease,
  };
}
