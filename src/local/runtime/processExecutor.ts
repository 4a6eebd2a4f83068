import { realpath } from 'node:fs/promises';
import { availableParallelism, platform } from 'node:os';
import { join } from 'node:path';
import type { CalmPace } from '../../model/measurement.ts';
import type { Warning } from '../../model/warning.ts';
import type { CgroupHost } from '../cgroup/cgroup.ts';
import { openCgroupHost } from '../cgroup/cgroupHost.ts';
import { allowedCpus } from '../cgroup/visibleCpus.ts';
import { createPipes } from '../enclosure/pipes.ts';
import { bootstrapsFolder, findRuntime, type RuntimeCommand } from '../launch/runtimes.ts';
import { layersNotice, probeConfinement, toolPathOf } from '../places/confinement.ts';
import { openOwnerFolder, recordOwnerCgroups, sweepDeadOwners } from '../places/ownerFolder.ts';
import { createPlaces } from '../places/place.ts';
import { latenessOf } from '../processes/lateness.ts';
import { takePrecedence } from '../processes/precedence.ts';
import { countsWaiting, lastCpu, procfsExists } from '../processes/processTree.ts';
import type { Executor } from '../service/execution.ts';
import { cpuNotices } from '../timing/cpuNotices.ts';
import { openReference, type Reference } from '../timing/reference.ts';
import { type SeenPace, watchPace } from '../timing/watchedPace.ts';
import { startEnvironment } from './environment.ts';
import type { Host, Sandbox } from './sandbox.ts';

export interface ProcessExecutorOptions {
  /** `off`: never set quotas, always model durations. Default `auto`: quotas where they can be set. */
  readonly cgroups?: 'auto' | 'off';
  /** Cores the environments share; default: all that this process may use. */
  readonly cores?: number;
  /** An existing folder for everything that environments write. */
  readonly temporaryFolder: string;
  readonly hostEnvironment: { readonly PATH?: string | undefined };
  /** 0 ≤ x < 1: at which moment of the quota's period a modelled invocation begins. */
  readonly random?: () => number;
  /** The Node that runs `nodejs*` functions, and the id of this process (its death ends all environments). */
  readonly execPath: string;
  readonly pid: number;
  /** What earlier runs found of this machine, and of this code on it. */
  readonly knownPace?: ((codeSha256: string | undefined) => CalmPace | undefined) | undefined;
  /** Called once, at the end. */
  readonly sawPace?: ((seen: SeenPace) => void) | undefined;
}

export interface ProcessExecutor extends Executor {
  /** Removed with all that is in it when this process is gone, whatever ended it. */
  readonly folder: string;
  /** How this machine differs from Lambda, as far as known by now (a runtime's difference shows once it is used). */
  notices(): readonly Warning[];
}

/** Runs functions as real child processes: see environment.ts for one environment's life. */
export async function startProcessExecutor(options: ProcessExecutorOptions): Promise<ProcessExecutor> {
  const path = options.hostEnvironment.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  const temporaryFolder = await realpath(options.temporaryFolder);
  const toolPath = toolPathOf(path);
  await sweepDeadOwners(temporaryFolder, toolPath);
  const owner = openOwnerFolder(temporaryFolder, options.pid, toolPath);
  const pipes = createPipes(owner.path, toolPath);
  const confinement = await probeConfinement(toolPath, owner.path);
  const cgroups = options.cgroups === 'off' ? undefined : openCgroupHost(owner.name);
  recordOwnerCgroups(owner, cgroups?.ownerFolders ?? []);
  const cpu = cpuKind(cgroups);
  const open = new Set<Sandbox>();
  const precedence = takePrecedence(options.pid, cgroups);
  const reference =
    cpu === 'none'
      ? noReference
      : openReference({ loop: join(bootstrapsFolder, 'reference.mjs'), toolPath, coreOf: lastCpu });
  const runtimes = new Map<string, Promise<RuntimeCommand>>();
  const cpus = allowedCpus();
  const { setsCpus } = confinement;
  const ofMachine = [
    ...cpuNotices({ cpu, countsWaiting: countsWaiting(), setsCpus, cpus: cpus.length }),
    ...confinement.notices,
  ];
  const notices = new Map(ofMachine.map((notice) => [notice.text, notice]));
  const watched = watchPace(options.knownPace);
  let started = 0;
  let turns = 0;
  let isClosed = false;
  const places = createPlaces({
    owner,
    confinement,
    pipes,
    cgroups,
    stepsAbove: precedence.stepsAbove,
    nextPlace() {
      if (isClosed) throw new Error('The executor is closed.');
      started += 1;
      const hasOwnAddress = confinement.enclosure !== undefined && platform() === 'linux';
      return { name: `e${started}`, loopback: hasOwnAddress ? loopbackOf(options.pid, started) : undefined };
    },
  });
  const host: Host = {
    cpu,
    confinement,
    places,
    path,
    open,
    lateness: latenessOf(options.pid),
    reference,
    allowedCpus: cpus,
    turn: () => turns++,
    random: options.random ?? Math.random,
  };

  async function runtimeOf(name: string): Promise<RuntimeCommand> {
    const known = runtimes.get(name) ?? findRuntime(name, { execPath: options.execPath, path });
    runtimes.set(name, known);
    // What was in the way of asking a program may be gone by the next time.
    known.catch(() => runtimes.delete(name));
    const runtime = await known;
    if (runtime.notice !== undefined) notices.set(runtime.notice.text, runtime.notice);
    return runtime;
  }

  return {
    cpu,
    folder: owner.path,
    cores: options.cores ?? availableParallelism(),
    notices: () => [...notices.values()],
    async start(spec, hearLate) {
      const runtime = await runtimeOf(spec.runtime);
      const notice = layersNotice(confinement, spec);
      if (notice !== undefined) notices.set(notice.text, notice);
      const folder = { ...spec, codeFolder: await realpath(spec.codeFolder) };
      return watched.heard(await startEnvironment(folder, runtime, host, hearLate));
    },
    async close() {
      if (!isClosed) options.sawPace?.(watched.seen());
      isClosed = true;
      await Promise.allSettled([...[...open].map((sandbox) => sandbox.end()), places.close()]);
      precedence.giveBack();
      await reference.close();
      await owner.close();
    },
  };
}

/** All of 127.0.0.0/8 is this machine; other executors have addresses of their own, mostly. */
function loopbackOf(pid: number, number: number): string {
  return `127.${64 + (pid % 128)}.${(number >> 8) & 255}.${number & 255}`;
}

/** What the code used is not counted there, so that nothing could be corrected by it. */
const noReference: Reference = { begin: async () => undefined, close: async () => undefined };

function cpuKind(cgroups: CgroupHost | undefined): Executor['cpu'] {
  if (cgroups !== undefined) return 'cgroup';
  return procfsExists() ? 'modelled' : 'none';
}
