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
import { publishNextSize } from './walk.ts';

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
    const shadow: Shadow = { name, architecture, presence: { is: 'absent' }, dealt: 1, chain: Promise.resolve() };
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
    copies += shadow.presence.is === 'there' ? 1 : codeCopies(1);
    const refusal = codeStorageRefusal(facts, copies);
    if (refusal) throw refusal;
    logGroup ??= createLogGroup(context, groupPresence, stop).catch((error: unknown) => {
      logGroup = undefined;
      throw error;
    });
    const [code] = await Promise.all([codeFor(configuration.architecture, stop), logGroup]);
    const { version, answer } = shadow.presence.is === 'there' ? await walkOn() : await create();
    const ready =
      answer && isReady(answer, context) ? answer : await waitUntilReady(context, shadow.name, version, stop);
    compareRuntimes(configuration, ready);
    context.onEvent({ kind: 'account', action: 'ready', name: shadow.name });
    return { configuration, functionName: shadow.name, version };

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

    async function walkOn() {
      return { version: await publishNextSize(context, shadow.name, configuration, code, stop), answer: undefined };
    }
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
