import { messageOf } from '../../base/errors.ts';
import type { Deployment, LeftBehind } from '../../model/platform.ts';
import { factsAs } from '../../model/variant.ts';
import type { Resource } from '../../state/journalFormat.ts';
import { type ShadowContext, warn } from './context.ts';
import { findShadow, unproven } from './creation.ts';
import type { Shadow } from './dealing.ts';
import { leftBehind } from './leftBehind.ts';
import { ownerOfLogGroup } from './logGroupProof.ts';
import {
  type Removal,
  type RemovalContext,
  removeFunction,
  removeLogGroup,
  removeStagedObject,
  removeVersion,
} from './removal.ts';
import type { ShadowDeployments } from './shadowDeployments.ts';

export interface ShadowRemoval {
  /** Begins to remove what only this deployment used. */
  release(deployment: Deployment): void;
  /** Functions, then staged objects, then the log group, when it has been read. Never rejects. @param reading never rejects */
  removeAll(reading: Promise<unknown>): Promise<readonly LeftBehind[]>;
  lastLook(): Promise<readonly LeftBehind[]>;
}

/** A Pending shadow may refuse to be deleted until it settles, which takes minutes in a VPC. */
const defaultBoundMs = 6 * 60_000;
/** A request that creates something is let finish that long: its outcome is then known. */
const creationGraceMs = 3000;
/** A creation whose answer was cut off may become visible a little later. */
const lateCreationMs = 2000;

export function shadowRemoval(context: ShadowContext, deployments: ShadowDeployments): ShadowRemoval {
  const { clients, clock, facts, journal, options, logGroup } = context;
  const versions: Promise<unknown>[] = [];
  const where = {
    functionArnPrefix: facts.functionArn.slice(0, facts.functionArn.lastIndexOf(':') + 1),
    options: clients.options,
  };
  let deadlineMs: number | undefined;
  const removing: RemovalContext = {
    clients,
    clock,
    onEvent: context.onEvent,
    get deadlineMs() {
      return deadlineMs ?? clock.monotonicMs() + defaultBoundMs;
    },
  };

  return {
    release(deployment) {
      deployments.forget(deployment);
      const shadow = deployments.shadows.find(({ name }) => name === deployment.functionName);
      if (shadow === undefined) return;
      if (deployments.single) {
        shadow.released = true;
        void remove(shadow);
      }
      // The cache of a SnapStart version is charged for while the version exists.
      else if (factsAs(facts, deployment.configuration).snapStart) {
        const own = shadow.versions.filter(({ configuration }) => configuration === deployment.configuration);
        versions.push(...own.map(({ version }) => removeVersion(removing, shadow.name, version)));
      }
    },
    async removeAll(reading) {
      deadlineMs = clock.monotonicMs() + (options.removalBoundMs?.() ?? defaultBoundMs);
      await deployments.stop(creationGraceMs);
      await Promise.allSettled(versions);
      const functions = await Promise.all(deployments.shadows.map(finallyRemove));
      const staged: (LeftBehind | undefined)[] = [];
      for (const object of context.staged) staged.push(settle(object, await removeStagedObject(removing, object)));
      await reading;
      return [...functions, ...staged, await removeGroup()].filter((left) => left !== undefined);
    },
    async lastLook() {
      // The result is shown already: what was removed in passing is no news.
      const quietly = { ...removing, deadlineMs: removing.deadlineMs, onEvent: () => undefined };
      const left = await removeGroup(quietly, false);
      return left === undefined ? [] : [left];
    },
  };

  async function finallyRemove(shadow: Shadow): Promise<LeftBehind | undefined> {
    const resource = { kind: 'function', name: shadow.name, region: facts.region } as const;
    const first = await remove(shadow);
    if (first === undefined || !shadow.released) return settle(resource, first);
    // It was removed ahead of time and failed: now is the time.
    delete shadow.removal;
    return settle(resource, await remove(shadow));
  }

  function remove(shadow: Shadow): Promise<Removal> {
    shadow.removal ??= removeIfThere(shadow);
    return shadow.removal;
  }

  async function removeIfThere({ name, presence }: Shadow): Promise<Removal> {
    try {
      if (presence.is === 'perhaps') presence.is = await findLate(name);
    } catch (error) {
      return { reason: messageOf(error) };
    }
    const outcome = presence.is === 'absent' ? undefined : await removeFunction(removing, name, presence.sinceMs);
    if (outcome === undefined && presence.is !== 'absent') {
      presence.is = 'absent';
      note({ kind: 'function', name, region: facts.region });
    }
    return outcome;
  }

  /** Whether a creation whose answer never came took effect after all. Somebody else's function counts as absent. */
  async function findLate(name: string): Promise<'absent' | 'there'> {
    const found = (await findShadow(context, name)) ?? (await later(() => findShadow(context, name)));
    if (found === 'unknown') throw unproven(name);
    if (found !== undefined && found !== 'foreign') return 'there';
    note({ kind: 'function', name, region: facts.region });
    return 'absent';
  }

  async function later<T>(look: () => Promise<T>): Promise<T> {
    await clock.sleep(lateCreationMs);
    return look();
  }

  async function removeGroup(
    how = removing,
    isKnown = deployments.groupPresence.is === 'there',
  ): Promise<LeftBehind | undefined> {
    if (deployments.groupPresence.is === 'absent') return undefined;
    const resource = { kind: 'logGroup', name: logGroup, region: facts.region } as const;
    const isOurs = deployments.groupPresence.is === 'there' || (await provenOurs());
    if (isOurs !== true) return settle(resource, isOurs === false ? undefined : isOurs);
    return settle(resource, await removeLogGroup(how, logGroup, { isKnown }));
  }

  /** A group that this run is not known to have made is deleted only when tags or streams prove it its own. */
  async function provenOurs(): Promise<boolean | { readonly reason: string }> {
    try {
      const owner = await ownerOfLogGroup(context);
      if (owner !== 'unknown') return owner === 'run';
      return {
        reason: 'whether this run made it, or Lambda for its copies, may not be read (logs:DescribeLogStreams)',
      };
    } catch (error) {
      return { reason: messageOf(error) };
    }
  }

  function settle(resource: Resource, outcome: Removal): LeftBehind | undefined {
    if (outcome !== undefined) return leftBehind(resource, outcome.reason, where);
    if (resource.kind !== 'function') note(resource);
    return undefined;
  }

  /** The account is right whatever becomes of the journal: at worst a clean-up looks for what is gone. */
  function note(resource: Resource): void {
    try {
      journal.removed(resource);
    } catch (error) {
      warn(context, 'journal', messageOf(error));
    }
  }
}
