import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askedOf, loadAsked } from '../../../src/commands/check/askedFunctions.ts';
import { fakeIo } from '../../support/fakeIo.ts';

const example = 'Example: tune check --function orders';

describe('the functions of a check', () => {
  it('are those of the file, each over its other keys and under the flags', () => {
    const { common, functions } = askedOf({
      written: {
        maxInvocations: 300,
        maxCostIncrease: 0.1,
        functions: [{ function: 'orders' }, { function: 'mail', maxCostIncrease: 0.2, maxInvocations: 100 }],
      },
      given: { maxInvocations: 50 },
      example,
    });
    expect(functions.map(({ options }) => [options.function, options.maxCostIncrease, options.maxInvocations])).toEqual(
      [
        ['orders', 0.1, 50],
        ['mail', 0.2, 50],
      ],
    );
    expect(common.maxInvocations).toBe(50);
  });

  it('are the one that a flag names: its entries where there are any, else it alone', () => {
    const written = { functions: [{ function: 'orders', maxCostIncrease: 0.2 }, { function: 'mail' }] };
    const named = (name: string) => askedOf({ written, given: { function: name }, example }).functions;
    expect(named('orders').map(({ options }) => [options.function, options.maxCostIncrease])).toEqual([
      ['orders', 0.2],
    ]);
    expect(named('other').map(({ options }) => [options.function, options.maxCostIncrease])).toEqual([['other', 0.05]]);
  });

  it('have the lines of the file that name them, also where one is named twice', () => {
    const lines = [
      { name: 'orders', line: 3 },
      { name: 'mail', line: 4 },
      { name: 'orders', line: 9 },
    ];
    const written = {
      functions: [{ function: 'orders' }, { function: 'orders', memory: '512' }, { function: 'mail' }],
    };
    expect(askedOf({ written, lines, example }).functions.map(({ configLine }) => configLine)).toEqual([3, 9, 4]);
  });

  it('are asked for with an example where none is named', () => {
    expect(() => askedOf({ written: {}, example })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: `${example}   (or list "functions" in tune.config.json)` }),
    );
  });
});

describe('the functions that are read from a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'functions-'));
    const names = ['one', 'two', 'three', 'four', 'five'].map((name) => `    {"function": "${name}"}`);
    await writeFile(
      join(folder, 'tune.config.json'),
      `{\n  "maxSpendUsd": 6,\n  "functions": [\n${names.join(',\n')}\n  ]\n}\n`,
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const load = (flags: Readonly<Record<string, unknown>>) => loadAsked(flags, fakeIo({ cwd: folder }).io);

  it('are found at their lines', async () => {
    const { functions, configFile } = await load({});
    expect(functions.map(({ configLine }) => configLine)).toEqual([4, 5, 6, 7, 8]);
    expect(configFile).toBe('tune.config.json');
  });

  it('are every n-th in a part, with its part of the money', async () => {
    const { functions, common } = await load({ shard: '2/3' });
    expect(functions.map(({ options }) => options.function)).toEqual(['two', 'five']);
    expect(common.maxSpendUsd).toBe(2);
    const parts = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => load({ shard })));
    expect(parts.flatMap((part) => part.functions.map(({ options }) => options.function)).sort()).toEqual([
      'five',
      'four',
      'one',
      'three',
      'two',
    ]);
  });
});
