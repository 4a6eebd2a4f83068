import type { Warning } from '../../model/warning.ts';
import type { Executor } from '../service/execution.ts';

/** What of a machine's CPUs makes its figures other ones than on Lambda, and is not seen in the figures. */
export function cpuNotices(machine: {
  readonly cpu: Executor['cpu'];
  /** The kernel tells what a thread ran and waited, in nanoseconds (/proc/<pid>/schedstat). */
  readonly countsWaiting: boolean;
  /** A runtime can be shown fewer CPUs than there are. */
  readonly setsCpus: boolean;
  readonly cpus: number;
}): readonly Warning[] {
  const { cpu, countsWaiting, setsCpus, cpus } = machine;
  const coarse =
    cpu === 'modelled'
      ? 'CPU time is counted in steps of 10 ms here (no /proc/<pid>/schedstat): modelled durations of calls that compute for less than some 100 ms are rough.'
      : 'What a program waits for a core is not counted here (no /proc/<pid>/schedstat): what other programs take is in the durations.';
  const seen = `Functions see all ${cpus} CPUs of this machine (taskset cannot be run), and make their thread pools for so many; on Lambda they see 2 to 6.`;
  return [
    ...(cpu === 'none' || countsWaiting ? [] : [{ code: 'waiting-not-counted', text: coarse }]),
    // Lambda shows no function fewer than two.
    ...(setsCpus || cpus <= 2 ? [] : [{ code: 'cpus-not-set', text: seen }]),
  ];
}
