import type { CallInfo } from '../../src/local/testing/testing.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { runDisturbed, type Schedule } from './disturbedRuns.ts';
import { startProgram } from './programInProcess.ts';
import { openStage, runArgs } from './runUnderTest.ts';

/** What may be wrong with one field of an answer. `undefined` leaves it out. */
const wrongs = {
  missing: () => undefined,
  null: () => null,
  'of another type': (value: unknown) => (typeof value === 'object' && value !== null ? 7 : { odd: [value] }),
  huge: (value: unknown) => (typeof value === 'number' ? 1e308 : 'x'.repeat(200_000)),
} as const satisfies Record<string, (value: unknown) => unknown>;

type Wrong = keyof typeof wrongs;
type Path = readonly (string | number)[];

interface Field {
  readonly operation: string;
  readonly path: Path;
}

/** Every field of every JSON answer of an undisturbed run. */
export async function fieldsOfAnswers(): Promise<readonly Field[]> {
  const stage = await openStage();
  const fields = new Map<string, Field>();
  try {
    stage.under({
      rewrite: ({ operation }, answer) => {
        for (const path of pathsOf(answer)) fields.set(`${operation} ${path.join('.')}`, { operation, path });
        return answer;
      },
    });
    await startProgram([...runArgs, ...stage.here], stage.account.env, () => 0.42).finished;
    return [...fields.values()];
  } finally {
    await stage.account.close();
  }
}

export function spoiltAnswers(fields: readonly Field[]): readonly Schedule[] {
  return (Object.keys(wrongs) as Wrong[]).flatMap((wrong) => fields.map((field) => spoilt(wrong, field)));
}

function spoilt(wrong: Wrong, { operation, path }: Field): Schedule {
  const fault = `answers with a field that is ${wrong}`;
  return {
    fault,
    name: `${fault}: ${operation} ${path.join('.')}`,
    run: () =>
      runDisturbed({
        testing: () => ({
          rewrite: (call: CallInfo, answer: unknown) =>
            call.operation === operation ? spoil(answer, path, wrongs[wrong]) : answer,
        }),
        expected: { codes: [0, 2, 3, 5] },
        random: seededRandom(path.length),
      }),
  };
}

function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[name], ...pathsOf(member).map((path) => [name, ...path])]);
}

function spoil(value: unknown, path: Path, wrong: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return wrong(value);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    key === String(name) ? spoil(member, rest, wrong) : member,
  ]);
  if (Array.isArray(value)) return members.map(([, member]) => member);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
