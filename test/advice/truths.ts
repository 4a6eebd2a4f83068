import { type Configuration, sameConfiguration } from '../../src/model/configuration.ts';
import type { Truth } from './simulatedRun.ts';

type Size = Pick<Configuration, 'memoryMb'>;
const now = (memoryMb: number) => ({ memoryMb, architecture: 'x86_64' as const });
/** One thread of work: as fast as its share of a core, up to one vCPU. */
const work = (ms: number, { memoryMb }: Size) => (ms * 1769) / Math.min(memoryMb, 1769);
const oneThread = (size: Size) => work(100, size);
const payloads = [
  { name: 'small', weight: 3 },
  { name: 'big', weight: 1 },
] as const;
const isBig = (payload: string, times = 8) => (payload === 'big' ? times : 1);
const architectures = ['x86_64', 'arm64'] as const;
const onArm = ({ architecture }: Configuration, times: number) => (architecture === 'arm64' ? times : 1);

/** Ten calls of each size in two environments, which differ by 1 %, calls by 5 %: unless a truth says otherwise. */
export const truths = {
  waits: { meanMs: () => 100, current: now(1024) },
  'one thread': { meanMs: oneThread, current: now(1024) },
  'one thread, calls 20 %, n = 20': { meanMs: oneThread, current: now(512), withinCv: 0.2, calls: 20 },
  'gains up to 512 MB': { meanMs: ({ memoryMb }) => Math.max(60, (60 * 512) / memoryMb), current: now(128) },
  'best is the current': { meanMs: (size) => 2 + oneThread(size), current: now(1769) },
  'waits 5 ms, works 5 ms': { meanMs: (size) => 5 + work(5, size), current: now(1024) },
  'waits 20 ms, works 5 ms': { meanMs: (size) => 20 + work(5, size), current: now(1024) },
  'waits 100 ms, works 5 ms': { meanMs: (size) => 100 + work(5, size), current: now(512) },
  'two payloads, 1 : 8': {
    meanMs: (size, payload) => isBig(payload) * work(50, size),
    payloads,
    current: now(1024),
  },
  'two payloads, 1 : 20': {
    meanMs: (size, payload) => isBig(payload, 20) * work(10, size),
    payloads,
    current: now(512),
  },
  'hosts 3 %': { meanMs: oneThread, current: now(512), betweenCv: 0.03 },
  'hosts 3 %, n = 20': { meanMs: oneThread, current: now(512), betweenCv: 0.03, calls: 20 },
  'hosts 5 %': { meanMs: oneThread, current: now(512), betweenCv: 0.05 },
  'hosts 5 %, n = 20': { meanMs: oneThread, current: now(512), betweenCv: 0.05, calls: 20 },
  'hosts 5 %, four of them, n = 20': {
    meanMs: oneThread,
    current: now(512),
    betweenCv: 0.05,
    calls: 20,
    environments: 4,
  },
  'both architectures alike': { meanMs: oneThread, architectures, current: now(1024) },
  'arm64 10 % slower': { meanMs: (one) => onArm(one, 1.1) * oneThread(one), architectures, current: now(1024) },
  'arm64 as dear': { meanMs: (one) => onArm(one, 1.25) * oneThread(one), architectures, current: now(1024) },
  // On the edge: the next size costs 3 to 10 % more, which is about as much as chance makes.
  'edge: waits 60 ms, works 435 ms on two threads': {
    meanMs: ({ memoryMb }) => 60 + (435 * 1769) / Math.min(memoryMb, 3538),
    current: now(1024),
  },
  'edge: two payloads that wait': {
    meanMs: (size, payload) => isBig(payload) * (10 + work(20, size)),
    payloads,
    current: now(1024),
  },
  'edge: arm64, waits 30 ms, works 20 ms': {
    meanMs: (one) => 30 + onArm(one, 1.1) * work(20, one),
    architectures,
    current: now(1024),
  },
} as const satisfies Readonly<Record<string, Truth>>;

export type TruthName = keyof typeof truths;

export function candidateAt<T extends { readonly configuration: Configuration }>(
  candidates: readonly T[],
  wanted: Configuration,
): T {
  const found = candidates.find(({ configuration }) => sameConfiguration(configuration, wanted));
  if (found === undefined) throw new Error('it was not measured');
  return found;
}
