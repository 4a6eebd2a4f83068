import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Architecture, Configuration } from '../domain/model.ts';
import type { Deployment } from '../domain/platform.ts';
import { aborted, type Presence, type ShadowContext, stopIfAborted, warn } from './context.ts';
import { createShadow, tagsLeftOut } from './creation.ts';
import { createLogGroup, type RunLogGroup } from './logGroup.ts';
import { shadowName } from './names.ts';
import type { Removal } from './removal.ts';
import { codeCopies, codeStorageRefusal, type ShadowCode, shadowCode, smallPackageBytes } from './shadowCode.ts';
import { isReady, waitUntilReady } from './waiting.ts';
import { publishNext } from './walk.ts';

/** One throwaway function. With a small package it holds one configuration, with a large one it walks through several. */
export interface Shadow {
  readonly name: string;
  readonly architecture: Architecture;
  readonly presence: Presence;
  /** Configurations dealt to it. */
  dealt: number;
  /** Its creations and publications, one after another. */
  chain: Promise<unknown>;
  functionArn?: string;
  /** All that was published of it. */
  readonly versions: Deployment[];
  removal?: Promise<Removal>;
  /** Removed before the end of the run. */
  released?: boolean;
}

export interface Fleet {
  readonly shadows: readonly Shadow[];
  /** One configuration per shadow. */
  readonly single: boolean;
  readonly groupPresence: Presence;
  deploy(configuration: Configuration, signal: AbortSignal): Promise<Deployment>;
  /** The same configuration as a further version, on the same shadow. */
  renew(deployment: Deployment, signal: AbortSignal): Promise<Deployment>;
  /** Another `deploy` of the configuration makes another deployment. */
  forget(deployment: Deployment): void;
  /** Ends waiting and repeating; then, after `graceMs`, cuts what is still on its way. Resolves when nothing is. */
  stop(graceMs: number): Promise<void>;
}

/** Shadows per architecture for a large package: two, so that one publishes while the other one's versions are measured. */
const walkers = 2;

/**
 * Deals configurations over shadows. The first one asked for is the reference: nothing else is created before its creation
 * was accepted.
 */
export function shadowFleet(context: ShadowContext): Fleet {
  const { facts, run } = context;
  const single = facts.packageType === 'Image' || facts.codeSizeBytes <= smallPackageBytes;
  const shadows: Shadow[] = [];
  const deployments = new Map<string, Promise<Deployment>>();
  const codes = new Map<Architecture, Promise<ShadowCode>>();
  const closing = new AbortController();
  const hardStop = new AbortController();
  const groupPresence: Presence = { is: 'absent' };
  let logGroup: Promise<RunLogGroup> | undefined;
  let opened: Promise<void> | undefined;
  let copies = 0;
  let compared = false;

  return {
    shadows,
    single,
    groupPresence,
    deploy(configuration, signal) {
      const key = keyOf(configuration);
      const known = deployments.get(key) ?? begin(configuration, AbortSignal.any([signal, closing.signal]));
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

  function begin(configuration: Configuration, stop: AbortSignal): Promise<Deployment> {
    const shadow = deal(configuration.architecture);
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
      return makeOn(shadow, configuration, stop, open);
    })();
    made.then(open, refuse);
    // The next configuration of this shadow takes its turn whatever became of this one.
    shadow.chain = made.catch(() => undefined);
    return made;
  }

  function deal(architecture: Architecture): Shadow {
    const own = shadows.filter((shadow) => shadow.architecture === architecture);
    const free = own.filter((shadow) => shadow.removal === undefined);
    const [least] = [...free].sort((a, b) => a.dealt - b.dealt);
    if (!single && least !== undefined && free.length >= walkers) {
      least.dealt += 1;
      return least;
    }
    const name = shadowName({ runId: run.id, architecture, number: own.length + 1, target: facts.functionName });
    const shadow: Shadow = {
      name,
      architecture,
      presence: { is: 'absent' },
      dealt: 1,
      chain: Promise.resolve(),
      versions: [],
    };
    shadows.push(shadow);
    return shadow;
  }

  async function makeOn(
    shadow: Shadow,
    configuration: Configuration,
    stop: AbortSignal,
    accepted: () => void,
  ): Promise<Deployment> {
    stopIfAborted(stop);
    reserveStorage(shadow.presence.is === 'there' ? 1 : codeCopies(1));
    logGroup ??= createLogGroup(context, groupPresence, { stop, hardStop: hardStop.signal }).catch((error: unknown) => {
      logGroup = undefined;
      throw error;
    });
    const [code] = await Promise.all([codeFor(configuration.architecture, stop), logGroup]);
    const walks = shadow.presence.is === 'there';
    const { version, answer } = walks
      ? { version: await publish(shadow, configuration, code, stop), answer: undefined }
      : await create();
    const { deployment, ready } = await whenReady(shadow, configuration, version, stop, answer);
    compareRuntimes(configuration, ready);
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
      reserveStorage(1);
      const code = await codeFor(configuration.architecture, stop);
      const text = context.source.reveal().configuration.Description ?? '';
      const description = `${text.slice(0, 220)} (version ${shadow.versions.length + 1} of a tune shadow)`.trim();
      const version = await publish(shadow, configuration, code, stop, description);
      return (await whenReady(shadow, configuration, version, stop)).deployment;
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
  ): Promise<string> {
    const after = Math.max(0, ...shadow.versions.map(({ version }) => Number(version)));
    const named = description === undefined ? {} : { description };
    return publishNext(context, { functionName: shadow.name, configuration, after, ...named }, code, stop);
  }

  async function whenReady(
    shadow: Shadow,
    configuration: Configuration,
    version: string,
    stop: AbortSignal,
    answer?: FunctionConfiguration,
  ) {
    const deployment = { configuration, functionName: shadow.name, version };
    shadow.versions.push(deployment);
    const ready =
      answer && isReady(answer, context) ? answer : await waitUntilReady(context, shadow.name, version, stop);
    return { deployment, ready };
  }

  function reserveStorage(more: number): void {
    copies += more;
    const refusal = codeStorageRefusal(facts, copies);
    if (refusal) throw refusal;
  }

  function codeFor(architecture: Architecture, stop: AbortSignal): Promise<ShadowCode> {
    // Without builds of their own, both architectures get the same package.
    const { options } = context;
    const key = options.code || options.images || facts.packageType === 'Image' ? architecture : facts.architecture;
    const known = codes.get(key);
    if (known) return known;
    const code = shadowCode(context, key, stop);
    codes.set(key, code);
    code.catch(() => codes.delete(key));
    return code;
  }

  /** Once: what all shadows share, and what is only known when the first one is there. */
  function compareRuntimes({ architecture }: Configuration, ready: FunctionConfiguration): void {
    if (compared || architecture !== facts.architecture) return;
    compared = true;
    const theirs = context.source.reveal().configuration.RuntimeVersionConfig?.RuntimeVersionArn;
    const ours = ready.RuntimeVersionConfig?.RuntimeVersionArn;
    if (theirs !== undefined && ours !== undefined && theirs !== ours) {
      warn(
        context,
        'runtimeVersion',
        'The function runs another build of its runtime than the copies do, so small differences may come from that.',
      );
    }
    const left = tagsLeftOut(context);
    if (left.length > 0) warn(context, 'tags', `Tags of the function that the copies do not have: ${left.join(', ')}.`);
  }
}

function keyOf({ memoryMb, architecture }: Configuration): string {
  return `${architecture} ${memoryMb}`;
}

/** Stops waiting when the signal is aborted; what was begun goes on to its own end. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(aborted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
