import type { Replay } from './replay.ts';
import type { Score } from './score.ts';

/** Markdown, so that it can stand in docs/racing.md as it is printed. */
export function asTable({ runs, seed, hosts, sets, windows }: Replay): string {
  const met =
    hosts.spread === 0 && !hosts.armKinds
      ? ''
      : `, hosts ${percent(hosts.spread, 0)}${hosts.armKinds ? ', of two kinds on arm64' : ''}`;
  const part = (title: string, rows: Replay['sets']) =>
    Object.keys(rows).length === 0
      ? []
      : [
          '',
          `${title}${met}, ${runs} runs per function, seed ${seed}:`,
          '',
          `| set | rule | ${columns.map(({ title: name }) => name).join(' | ')} |`,
          `|---|---|${columns.map(() => '---:').join('|')}|`,
          ...Object.entries(rows).flatMap(([dataset, rules]) =>
            Object.entries(rules).map(
              ([rule, score]) => `| ${dataset} | ${rule} | ${columns.map(({ of }) => of(score)).join(' | ')} |`,
            ),
          ),
        ];
  return [
    ...part('Records drawn one by one', sets),
    ...inParts(sets),
    ...besideFirst('drawn one by one', sets),
    ...part('Windows of neighbouring records', windows),
    ...inParts(windows),
    ...besideFirst('in windows', windows),
    '',
    legend,
    '',
  ].join('\n');
}

const parts = {
  'cold climb': 'cold starts of the climb',
  'warm climb': 'its warm calls',
  race: 'the race',
  check: 'the winner’s check',
} as const;

/** Where the dollars of `tune` go. */
function inParts(sets: Replay['sets']): readonly string[] {
  const lines = Object.entries(sets).flatMap(([dataset, { tune }]) => {
    if (tune === undefined) return [];
    const told = Object.entries(parts).map(([part, name]) => `${name} ${points(tune.parts[part] ?? 0)}`);
    return [`- ${dataset}: ${told.join(', ')}`];
  });
  return lines.length === 0 ? [] : ['', 'Where the dollars of tune go, in points:', '', ...lines];
}

/** What `tune` costs and misses beside the rule before it, where both were asked for. */
function besideFirst(drawn: string, sets: Replay['sets']): readonly string[] {
  const lines = Object.entries(sets).flatMap(([dataset, { tune, first }]) => {
    if (tune === undefined || first === undefined) return [];
    const { regret: more, error } = tune.moreThanFirst ?? { regret: Number.NaN, error: Number.NaN };
    return [
      `- ${dataset}: ${percent(tune.x50 / first.x50, 0)} of its dollars, regret ${more < 0 ? '−' : '+'}${points(Math.abs(more))} ± ${points(error)} points`,
    ];
  });
  return lines.length === 0 ? [] : ['', `tune beside the first rule, ${drawn}:`, '', ...lines];
}

const legend =
  'Dollars: mean over functions of the ratio to ALPT 50. Regret: how much dearer what is advised truly is than the cheapest size.\n' +
  'Pick: mean regret of the search’s own pick, where the answer may name a faster size that costs about as little.\n' +
  'Tie hit: the truly cheapest is in the group called equal. Coverage: the 95 % interval holds the true cost of what is advised.';

const points = (share: number) => (share * 100).toFixed(2);

const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

const columns: readonly { readonly title: string; readonly of: (score: Score) => string }[] = [
  { title: 'dollars', of: ({ x50 }) => percent(x50) },
  { title: 'calls', of: ({ invocations }) => invocations.toFixed(0) },
  { title: 'regret mean', of: ({ regretMean, regretError }) => `${points(regretMean)} ± ${percent(regretError, 2)}` },
  { title: 'p95', of: ({ regretP95 }) => percent(regretP95) },
  { title: 'p99', of: ({ regretP99 }) => percent(regretP99) },
  { title: 'max', of: ({ regretMax }) => percent(regretMax) },
  { title: '> 5 %', of: ({ over5 }) => percent(over5) },
  { title: 'pick', of: ({ pickRegretMean: mean }) => (mean === null ? '–' : percent(mean, 2)) },
  { title: 'tie hit', of: ({ tieHit }) => percent(tieHit, 0) },
  { title: 'tie size', of: ({ tieSize }) => tieSize.toFixed(2) },
  { title: 'coverage', of: ({ coverage }) => (coverage === null ? '–' : percent(coverage, 0)) },
];
