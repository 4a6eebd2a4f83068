import { awsHosts } from '../../src/analysis/hosts.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { type Behaviour, normal, play, shares } from '../../test/check/simulated.ts';
import { hostFactor } from '../simulation.ts';
import { twoKinds } from '../statistics/hosts.ts';

/**
 * What a check that measures both sides says of simulated functions: calls are normal (their scatter stands in the row) around
 * the factor of their environment (lognormal, 3 %; on arm64 35 % of the hosts are 22 % slower, inside a kind 1 %) and last 100 ms on
 * average; both sides take turns in rounds, new environments are opened as the gate asks for them. x86_64, default options unless the
 * row says otherwise.
 */
export interface GateCase {
  readonly name: string;
  /** What is simulated and asked for, in a sentence. */
  readonly described: string;
  readonly behaviour: Omit<Behaviour, 'costUsd'>;
  readonly options: Partial<GateOptions>;
  /** Absent: x86_64. */
  readonly architecture?: Architecture;
}

const payloads = [
  { name: 'small', weight: 6, scale: 0.5 },
  { name: 'middle', weight: 3, scale: 1 },
  { name: 'large', weight: 1, scale: 4 },
];
const cost = { max: 0.05 };
const allLines = { cost, duration: cost, p95: { max: 0.1 }, init: { max: 0.1 }, errors: { max: 0.05 } };
const initMs = (random: () => number) => 200 * (1 + 0.05 * (random() - 0.5));

export const gateCases: readonly GateCase[] = [
  { name: 'default', described: 'cost alone, limit 5 %', behaviour: {}, options: {} },
  {
    name: 'p95 line',
    described: 'cost 5 % and --max-p95-increase 10 %',
    behaviour: {},
    options: { limits: { cost, p95: { max: 0.1 } } },
  },
  {
    name: 'all lines',
    described: 'cost and duration 5 %, p95 and init 10 %, 5 more failures in a hundred, --strict',
    behaviour: { initMs },
    options: { limits: allLines, strict: true },
  },
  {
    name: 'weighted payloads',
    described: 'three payloads that take 50, 100 and 400 ms, weights 6 : 3 : 1; cost alone',
    behaviour: { payloads },
    options: { payloads },
  },
  {
    name: 'payloads, p95 line',
    described: 'the same payloads, cost 5 % and --max-p95-increase 10 %',
    behaviour: { payloads },
    options: { payloads, limits: { cost, p95: { max: 0.1 } } },
  },
  {
    name: 'drift 5 %',
    described: 'all calls of both sides take 5 % longer after 100 calls a side than at first; cost alone',
    behaviour: { drift: 0.05 },
    options: {},
  },
  {
    name: 'drift 30 %',
    described: 'the same with 30 %',
    behaviour: { drift: 0.3 },
    options: {},
  },
  {
    name: 'first calls slower',
    described:
      'the first warm call of an environment takes 1.8 times as long, gone by a factor e in five calls; cost alone',
    behaviour: { fall: 1 },
    options: {},
  },
  {
    name: 'one of ten',
    described:
      'cost alone, one of ten functions of a check, which share one error rate: any of ten is called regressed ten times as often at most',
    behaviour: {},
    options: { functions: 10 },
  },
  {
    name: 'arm64',
    described: 'cost alone, hosts of two kinds',
    behaviour: {},
    options: {},
    architecture: 'arm64',
  },
  {
    name: 'arm64, p95 line',
    described: 'the same, cost 5 % and --max-p95-increase 10 %',
    behaviour: {},
    options: { limits: { cost, p95: { max: 0.1 } } },
    architecture: 'arm64',
  },
];

export type GateScore = ReturnType<typeof shares> & { readonly inconclusive: number };

/** `change`: 0.1 is +10 % on the current side. Other seeds are other draws. */
export function scoreGate(
  { behaviour, options, architecture = 'x86_64' }: Pick<GateCase, 'behaviour' | 'options' | 'architecture'>,
  withinCv: number,
  change: number,
  runs: number,
  seed = 1,
  hostCv: number = awsHosts.x86_64.betweenCv,
): GateScore {
  const all: GateOptions = { ...checkDefaults, memoryMb: 512, hosts: awsHosts[architecture], ...options };
  const hosts = architecture === 'arm64' ? { hostFactor: hostFactor(twoKinds) } : { spread: hostCv };
  const of = (scale: number): Behaviour => ({ ...hosts, ...behaviour, costUsd: normal(withinCv, scale) });
  const found = shares((run) => play(of(1), of(1 + change), (seed - 1) * 100_003 + run, all), runs);
  return { ...found, inconclusive: 1 - found.passed - found.regressed };
}

/** Lines as they are made, for a row takes a while. */
export function* gateTable(runs: number, seed: number, cases = gateCases): Generator<string> {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  yield `Both sides measured, ${runs} runs each, seed ${seed}, hosts differ by 3 % (arm64: two kinds, 22 % apart, 35 % of them slower):`;
  yield '';
  yield* cases.map(({ name, described }) => `- ${name}: ${described}`);
  yield '';
  yield '| judged | calls scatter by | inconclusive when unchanged | passed | regressed | calls a side | +10 % regressed | +10 % passed | calls a side |';
  yield '|---|---:|---:|---:|---:|---:|---:|---:|---:|';
  for (const one of cases) {
    for (const withinCv of [0.03, 0.1, 0.2]) {
      const same = scoreGate(one, withinCv, 0, runs, seed);
      const more = scoreGate(one, withinCv, 0.1, runs, seed);
      yield `| ${one.name} | ${100 * withinCv} % | ${percent(same.inconclusive)} | ${percent(same.passed)} | ${percent(same.regressed)} | ${same.samples.toFixed(0)} | ${percent(more.regressed)} | ${percent(more.passed)} | ${more.samples.toFixed(0)} |`;
    }
  }
  yield '';
}
