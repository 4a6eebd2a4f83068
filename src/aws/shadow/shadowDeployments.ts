import { setMaxListeners } from 'node:events';
import { type Configuration, keyOf, sameCurve } from '../../model/configuration.ts';
import type { Deployment } from '../../model/platform.ts';
import { stopIfAborted } from '../client/stopping.ts';
import type { Presence, ShadowContext } from './context.ts';
import { type Created, createShadow } from './creation.ts';
import { dealShadow, type Shadow } from './dealing.ts';
import { tellDifferences } from './differences.ts';
import { createLogGroup, type RunLogGroup } from './logGroup.ts';
import { unlessAborted } from './pace.ts';
import { runCodes } from './runCodes.ts';
import { codeCopies, type ShadowCode, smallPackageBytes } from './shadowCode.ts';
import { isReady, saysReady, waitUntilReady } from './waiting.ts';
import { publishNext } from './walk.ts';

export interface ShadowDeployments {
  readonly shadows: readonly Shadow[];
  /** One configuration per shadow. */
  readonly single: boolean;
  readonly groupPresence: Presence;
  /** @param accepted called when the copy is there: created, though perhaps not ready yet */
  deploy(configuration: Configuration, signal: AbortSignal, accepted?: () => void): Promise<Deployment>;
  /** The same configuration as a further version, on the same shadow. */
  renew(deployment: Deployment, signal: AbortSignal): Promise<Deployment>;
  /** Another `deploy` of the configuration makes another deployment. */
  forget(deployment: Deployment): void;
  /** Ends waiting and repeating; then, after `graceMs`, cuts what is still on its way. Resolves when nothing is. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Deals configurations over shadows. The first one asked for is the reference: nothing else is created before its creation
 * was accepted.
 */
export function shadowDeployments(context: ShadowContext): ShadowDeployments {
  const { facts, run } = context;
  const single = facts.packageType === 'Image' || facts.codeSizeBytes <= smallPackageBytes;
  const shadows: Shadow[] = [];
  const deployments = new Map<string, Promise<Deployment>>();
  const codes = runCodes(context);
  const closing = new AbortController();
  const hardStop = new AbortController();
  // Every creation under way listens; Node would take more than ten listeners for a leak, and say so on the terminal.
  setMaxListeners(0, closing.signal, hardStop.signal);
  const groupPresence: Presence = { is: 'absent' };
  let logGroup: Promise<RunLogGroup> | undefined;
  let opened: Promise<void> | undefined;
  let compared = false;

  return {
    shadows,
    single,
    groupPresence,
    deploy(configuration, signal, accepted = () => undefined) {
      const key = keyOf(configuration);
      const known = deployments.get(key) ?? begin(configuration, AbortSignal.any([signal, closing.signal]), accepted);
      deployments.set(key, known);
      return unlessAborted(known, signal);
    },
    renew: (deployment, signal) =>
      unlessAborted(further(deployment, AbortSignal.any([signal, closing.signal])), signal),
    forget: ({ configuration }) => void deployments.delete(keyOf(configuration)),
    async stop(graceMs) {
      closing.abort();
      const settled = Promise.allSettled([...shadows.map((shadow) => shadow.chain), ...deployments.values(), logGroup]);
      const grace = new AbortController();
      await Promise.race([settled, context.clock.sleep(graceMs, grace.signal).catch(() => undefined)]);
      grace.abort();
      hardStop.abort();
      await settled;
      await (await logGroup?.catch(() => undefined))?.settled;
    },
  };

  function begin(configuration: Configuration, stop: AbortSignal, accepted: () => void): Promise<Deployment> {
    const shadow = dealShadow(shadows, configuration, {
      single,
      runId: run.id,
      target: facts.functionName,
    });
    const first = opened === undefined;
    let open: () => void = () => undefined;
    let refuse: (error: unknown) => void = () => undefined;
    if (first) {
      const gate = new Promise<void>((resolve, reject) => {
        open = resolve;
        refuse = reject;
      });
      gate.catch(() => {
        // The next one asked for is the reference then (for instance a size that the account allows).
        if (opened === gate) opened = undefined;
      });
      opened = gate;
    }
    const turn = shadow.chain;
    const made = (async () => {
      if (!first) await opened;
      await turn;
      return makeOn(shadow, configuration, stop, () => {
        open();
        accepted();
      });
    })();
    made.then(open, refuse);
    // The next configuration of this shadow takes its turn whatever became of this one.
    shadow.chain = made.catch(() => undefined);
    return made;
  }

  async function makeOn(
    shadow: Shadow,
    configuration: Configuration,
    stop: AbortSignal,
    accepted: () => void,
  ): Promise<Deployment> {
    stopIfAborted(stop);
    codes.reserve(configuration, shadow.presence.is === 'there' ? 1 : codeCopies(1));
    logGroup ??= createLogGroup(context, groupPresence, { stop, hardStop: hardStop.signal }).catch((error: unknown) => {
      logGroup = undefined;
      throw error;
    });
    const [code] = await Promise.all([codes.of(configuration, stop), logGroup]);
    const walks = shadow.presence.is === 'there';
    const made = walks ? await publish(shadow, configuration, code, stop) : await create();
    const { deployment, ready } = await whenReady(
      shadow,
      configuration,
      made,
      walks ? 'publication' : 'creation',
      stop,
    );
    if (!compared && sameCurve(configuration, { architecture: facts.architecture })) {
      compared = true;
      tellDifferences(context, ready);
    }
    context.onEvent({ kind: 'account', action: 'ready', name: shadow.name });
    return deployment;

    async function create() {
      const { name: functionName, presence } = shadow;
      const created = await createShadow(context, { functionName, configuration, presence }, code, {
        stop,
        hardStop: hardStop.signal,
      });
      shadow.functionArn = created.answer.FunctionArn?.split(':').slice(0, 7).join(':') ?? '';
      accepted();
      return created;
    }
  }

  /** Takes its turn among the publications of its shadow. */
  function further({ functionName, configuration }: Deployment, stop: AbortSignal): Promise<Deployment> {
    const shadow = shadows.find(({ name }) => name === functionName);
    if (shadow === undefined) throw new Error(`not a shadow of this run: ${functionName}`);
    const turn = shadow.chain;
    const made = (async () => {
      await turn;
      stopIfAborted(stop);
      if (shadow.removal) throw new Error(`already released: ${functionName}`);
      codes.reserve(configuration, 1);
      const code = await codes.of(configuration, stop);
      const text = context.source.reveal().configuration.Description ?? '';
      const description = `${text.slice(0, 220)} (version ${shadow.versions.length + 1} of a copy made by tune)`.trim();
      const published = await publish(shadow, configuration, code, stop, description);
      return (await whenReady(shadow, configuration, published, 'publication', stop)).deployment;
    })();
    shadow.chain = made.catch(() => undefined);
    return made;
  }

  function publish(
    shadow: Shadow,
    configuration: Configuration,
    code: ShadowCode,
    stop: AbortSignal,
    description?: string,
  ): Promise<Created> {
    const after = Math.max(0, ...shadow.versions.map(({ version }) => Number(version)));
    return publishNext(context, { functionName: shadow.name, configuration, after, description }, code, stop);
  }

  async function whenReady(
    { name: functionName, versions }: Shadow,
    configuration: Configuration,
    { version, answer }: Created,
    settling: 'creation' | 'publication',
    stop: AbortSignal,
  ) {
    const deployment = { configuration, functionName, version };
    versions.push(deployment);
    const isReadyAtOnce = settling === 'creation' ? isReady(answer, context) : saysReady(answer, context);
    const ready = isReadyAtOnce
      ? answer
      : await waitUntilReady(context, { functionName, configuration, version, settling }, stop);
    return { deployment, ready };
  }
}
