import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterCurrent,
  architectures,
  type Configuration,
  compareBySize,
  compareConfigurations,
  configurationSchema,
  findConfiguration,
  keyOf,
  labelOf,
  nameByArchitecture,
  nameOf,
  namerAmong,
  namesOf,
  ofVariant,
  sameConfiguration,
} from '../../src/model/configuration.ts';
import type { Variant } from '../../src/model/variant.ts';

function called(name: string): Variant {
  return { name, changes: {} };
}

/** Few values, so that equal ones come up often. */
const configuration: fc.Arbitrary<Configuration> = fc.record(
  {
    memoryMb: fc.constantFrom(128, 512, 1024, 10_240),
    architecture: fc.constantFrom(...architectures),
    variant: fc
      .oneof(fc.constantFrom('current', 'nodejs24.x', 'with layer', '512', ''), fc.string({ maxLength: 3 }))
      .map(called),
  },
  { requiredKeys: ['memoryMb', 'architecture'] },
);

const orders = [
  ['the order', compareConfigurations],
  ['the order by size', compareBySize],
] as const;

describe('a configuration', () => {
  it('has the same key as another one exactly where it is the same', () => {
    fc.assert(
      fc.property(configuration, configuration, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(sameConfiguration(one, other));
      }),
    );
  });

  it.each(orders)('stands in %s beside another one exactly where it is the same', (_, compare) => {
    fc.assert(
      fc.property(configuration, configuration, (one, other) => {
        expect(compare(one, other) === 0).toBe(sameConfiguration(one, other));
      }),
    );
  });

  it.each(orders)('has one place in %s: there and back, and over a third one', (_, compare) => {
    fc.assert(
      fc.property(configuration, configuration, configuration, (one, other, third) => {
        expect(Math.sign(compare(one, other))).toBe(0 - Math.sign(compare(other, one)));
        if (compare(one, other) <= 0 && compare(other, third) <= 0) expect(compare(one, third)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('is found in a list with all that is known of it, or not at all', () => {
    const rows = [
      { memoryMb: 512, architecture: 'arm64', calls: 1 },
      { memoryMb: 512, architecture: 'arm64', variant: called('nodejs24.x'), calls: 2 },
    ] as const;
    expect(findConfiguration<Configuration>(rows, { memoryMb: 512, architecture: 'arm64' })).toBe(rows[0]);
    expect(
      findConfiguration<Configuration>(rows, { memoryMb: 512, architecture: 'arm64', variant: called('nodejs24.x') }),
    ).toBe(rows[1]);
    expect(findConfiguration<Configuration>(rows, { memoryMb: 512, architecture: 'x86_64' })).toBeUndefined();
  });

  it('is of the current variant where it names none', () => {
    const plain: Configuration = { memoryMb: 512, architecture: 'arm64' };
    expect(sameConfiguration(plain, { ...plain, variant: called('current') })).toBe(true);
    expect(sameConfiguration(plain, { ...plain, variant: called('nodejs24.x') })).toBe(false);
  });

  it('stands by variant, today first, then architecture, then memory', () => {
    const sorted: readonly Configuration[] = [
      { memoryMb: 512, architecture: 'x86_64' },
      { memoryMb: 1024, architecture: 'x86_64' },
      { memoryMb: 128, architecture: 'arm64' },
      { memoryMb: 128, architecture: 'x86_64', variant: called('a') },
      { memoryMb: 128, architecture: 'arm64', variant: called('a') },
      { memoryMb: 128, architecture: 'x86_64', variant: called('nodejs24.x') },
    ];
    expect(sorted.toReversed().toSorted(compareConfigurations)).toEqual(sorted);
  });

  it('stands by size with both architectures side by side', () => {
    const sorted: readonly Configuration[] = [
      { memoryMb: 128, architecture: 'x86_64' },
      { memoryMb: 128, architecture: 'arm64' },
      { memoryMb: 512, architecture: 'x86_64' },
    ];
    expect(sorted.toReversed().toSorted(compareBySize)).toEqual(sorted);
  });

  it('is named for people, with its variant where that is another one', () => {
    const plain: Configuration = { memoryMb: 1024, architecture: 'arm64' };
    const varied: Configuration = { ...plain, variant: called('nodejs24.x') };
    expect([plain, varied].map(nameOf)).toEqual(['1,024 MB on arm64', '1,024 MB on arm64, nodejs24.x']);
    expect([plain, varied].map(nameByArchitecture)).toEqual(['arm64 at 1,024 MB', 'arm64 at 1,024 MB, nodejs24.x']);
    expect([plain, varied].map(labelOf)).toEqual(['arm64 1,024 MB', 'arm64 1,024 MB, nodejs24.x']);
  });

  it('is named in one sentence with others in the order of the tables, each once', () => {
    const made = [5308, 128, 1769, 128].map((memoryMb): Configuration => ({ memoryMb, architecture: 'x86_64' }));
    const varied: Configuration = { memoryMb: 128, architecture: 'x86_64', variant: called('nodejs24.x') };
    expect(namesOf([varied, { memoryMb: 512, architecture: 'arm64' }, ...made])).toEqual([
      '128 MB on x86_64',
      '1,769 MB on x86_64',
      '5,308 MB on x86_64',
      '512 MB on arm64',
      '128 MB on x86_64, nodejs24.x',
    ]);
  });

  it('is named among others by what tells them apart', () => {
    const small: Configuration = { memoryMb: 512, architecture: 'arm64' };
    const other: Configuration = { memoryMb: 512, architecture: 'x86_64' };
    const varied: Configuration = { ...small, variant: called('nodejs24.x') };
    expect(namerAmong([small])(small)).toBe('512 MB');
    expect(namerAmong([small, other])(small)).toBe('512 MB on arm64');
    expect([small, varied].map(namerAmong([small, varied]))).toEqual(['512 MB, current', '512 MB, nodejs24.x']);
  });

  it('is that of another variant at the same setting, or of the function as it is', () => {
    const small: Configuration = { memoryMb: 512, architecture: 'arm64', variant: called('nodejs24.x') };
    expect(ofVariant(small, called('LEAN=yes'))).toEqual({ ...small, variant: called('LEAN=yes') });
    expect(ofVariant(small)).toEqual({ memoryMb: 512, architecture: 'arm64' });
    expect(Object.keys(ofVariant({ ...small, status: 'measured' } as Configuration))).toEqual([
      'memoryMb',
      'architecture',
    ]);
  });

  it('is called current once behind that word', () => {
    expect(['512 MB, current', '512 MB on arm64', '512 MB, nodejs24.x'].map(afterCurrent)).toEqual([
      '512 MB',
      '512 MB on arm64',
      '512 MB, nodejs24.x',
    ]);
  });

  it('has a name of its own among those that it is named with', () => {
    fc.assert(
      fc.property(fc.array(configuration, { minLength: 1, maxLength: 6 }), (all) => {
        const name = namerAmong(all);
        for (const one of all) {
          for (const other of all) expect(name(one) === name(other)).toBe(sameConfiguration(one, other));
        }
      }),
    );
  });
});

describe('a saved configuration', () => {
  it('is one of the two architectures at a whole number of megabytes', () => {
    expect(configurationSchema.safeParse({ memoryMb: 512, architecture: 'arm64' }).success).toBe(true);
    expect(configurationSchema.safeParse({ memoryMb: 512.5, architecture: 'arm64' }).success).toBe(false);
    expect(configurationSchema.safeParse({ memoryMb: 512, architecture: 'riscv' }).success).toBe(false);
  });
});
