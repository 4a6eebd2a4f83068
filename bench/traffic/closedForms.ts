import { arrivalsOf } from '../../src/traffic/arrivals.ts';
import { drawTableOf } from '../../src/traffic/drawTable.ts';
import { replay } from '../../src/traffic/replay.ts';
import { waitingFor } from '../../src/traffic/waiting.ts';

/** Shares of calls at random (Poisson) as they are replayed, and what queueing theory says of them. */
export interface Compared {
  readonly name: string;
  readonly found: number;
  readonly truth: number;
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Exponential service times with a mean of a second. */
const services = tableOf(Array.from({ length: 1000 }, (_, index) => -1000 * Math.log(1 - (index + 0.5) / 1000)));
const instant = tableOf([1]);

export function closedForms(): readonly Compared[] {
  return [
    ...[1, 3].map((idleLives) => ({
      name: `cold starts of sparse traffic, e^-${idleLives}`,
      found: meanOf((seed) => {
        const { coldCalls, calls } = replay(
          poisson(idleLives / 300, seed),
          { warm: instant, cold: instant },
          { idleLifeS: 300 },
        );
        return coldCalls / calls;
      }),
      truth: Math.exp(-idleLives),
    })),
    ...[
      { servers: 3, load: 2 },
      { servers: 10, load: 8 },
    ].flatMap(({ servers, load }) => [
      {
        name: `calls beside ${servers} provisioned at a load of ${load}, Erlang B`,
        found: meanOf((seed) => {
          const times = { warm: services, cold: services };
          const { provisionedCalls, calls } = replay(poisson(load, seed), times, {
            idleLifeS: 300,
            provisionedAt: () => servers,
          });
          return 1 - provisionedCalls / calls;
        }),
        truth: lossOf(servers, load),
      },
      {
        name: `calls that wait for ${servers} at a load of ${load}, Erlang C`,
        found: meanOf((seed) => waitingFor(servers, poisson(load, seed), services).share),
        truth: lossOf(servers, load) / (1 - (load / servers) * (1 - lossOf(servers, load))),
      },
    ]),
  ];
}

/** Erlang's B, by its recursion. */
function lossOf(servers: number, load: number): number {
  let loss = 1;
  for (let count = 1; count <= servers; count += 1) loss = (load * loss) / (count + load * loss);
  return loss;
}

function poisson(perSecond: number, seed: number) {
  return arrivalsOf({ kind: 'rate', perSecond }, 900, seed);
}

function tableOf(values: readonly number[]) {
  const table = drawTableOf([{ weight: 1, clusters: [{ environment: 'a', values }] }]);
  if (table === undefined) throw new Error('there is a value');
  return table;
}

function meanOf(share: (seed: number) => number): number {
  return seeds.reduce((sum, seed) => sum + share(seed), 0) / seeds.length;
}
