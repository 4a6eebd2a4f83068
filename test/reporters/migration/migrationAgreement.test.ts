import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictExitCode } from '../../../src/commands/shared/exitCode.ts';
import type { MigrationResult } from '../../../src/model/migration.ts';
import type { MigrationVerdict } from '../../../src/model/verdict.ts';
import { migrationReporters } from '../../../src/reporters/registry.ts';
import {
  arm,
  type Case,
  compatible,
  documentOf,
  failing,
  incompatible,
  measured,
  x86,
} from '../../migrate/evidenceOf.ts';

/** Whatever was measured, no two lines of any format say different things. */

const view = { columns: 100, color: false };
const leads = {
  move: 'Move orders to ',
  stay: 'Stay on ',
  cannot: 'Cannot move orders to ',
  undecided: 'Undecided whether orders should move to ',
} as const satisfies Record<MigrationVerdict['kind'], string>;

const count = fc.constantFrom(3, 8, 30, 80);
const sizes = fc.constantFrom([1024], [512, 1024], [512, 1024, 2048]);
const reasons = fc.constantFrom('out of memory', 'timed out after 3 s', 'invalid ELF header');
const statuses = fc.constantFrom('measured', 'measured', 'measured', 'infeasible', 'disqualified', 'unmeasured');

const rowsOf = (side: typeof x86, factor: fc.Arbitrary<number>, memory: readonly number[]) =>
  fc.tuple(
    ...memory.map((memoryMb) =>
      fc.tuple(factor, count, statuses, reasons).map(([share, calls, status, reason]) => {
        if (status !== 'measured') return failing(side === x86 ? 'x86_64' : 'arm64', status, reason, memoryMb);
        return side(((200 * 1024) / memoryMb) ** 0.9 * 2 * share, memoryMb, calls);
      }),
    ),
  );

const evidences: fc.Arbitrary<Case> = fc
  .record({
    run: sizes.chain((memory) =>
      fc
        .tuple(
          rowsOf(x86, fc.constant(1), memory),
          rowsOf(arm, fc.constantFrom(0.8, 1, 1.1, 1.22, 1.25, 1.5), memory),
          fc.constantFrom('completed', 'completed', 'completed', 'spendCap', 'interrupted', 'failed'),
        )
        .map(([own, others, ended]) => measured([...own, ...others], { ended })),
    ),
    turned: fc.boolean(),
    preflight: fc.constantFrom(compatible, compatible, compatible, compatible, incompatible),
    isMeasured: fc.constantFrom(true, true, true, true, true, false),
    require: fc.constantFrom(undefined, 'cheaper', 'not-slower', 'both'),
    maxSlowdown: fc.constantFrom(undefined, 0.05, 0.3),
    requestsPerMonth: fc.constantFrom(undefined, 3e6),
    differs: fc.constantFrom(false, false, true),
  })
  .map(({ run, turned, preflight, isMeasured, require, maxSlowdown, requestsPerMonth, differs }): Case => {
    const isReady = preflight.verdict !== 'incompatible';
    return {
      current: { memoryMb: 1024, architecture: turned ? 'arm64' : 'x86_64' },
      preflight: turned ? { ...preflight, wanted: 'x86_64' } : preflight,
      ...(isMeasured && isReady ? { run } : {}),
      ...(require === undefined ? {} : { require }),
      ...(maxSlowdown === undefined ? {} : { maxSlowdown }),
      ...(requestsPerMonth === undefined ? {} : { requestsPerMonth }),
      ...(differs && isMeasured && isReady
        ? {
            smoke: [
              {
                response: {
                  kind: 'different',
                  differences: [{ pointer: '/n', x86_64: '1', arm64: '2', looksVolatile: false }],
                  differencesLeftOut: 0,
                },
                errors: {},
              },
            ],
          }
        : {}),
    } as const;
  });

/** Without escapes and tags: what a reader sees. */
function readable(text: string): string {
  return text
    .replace(/<svg.*?<\/svg>|<style.*?<\/style>|<script.*?<\/script>|<[^>]*>/gs, ' ')
    .replace(/\\([^a-z0-9])/gi, '$1')
    .replace(/&quot;/g, '"')
    .replace(/&#8203;/g, '')
    .replace(/%25/g, '%')
    .replace(/\s+/g, ' ');
}

/** The line that is read first. */
const firstLines: Readonly<Record<string, (text: string) => string | undefined>> = {
  table: (text) => text,
  quiet: (text) => text,
  html: (text) => /<p class="answer">(.*?)<\/p>/s.exec(text)?.[1],
  markdown: (text) => /^### (.*)$/m.exec(text)?.[1],
  github: (text) => /^::(?:notice|warning|error) [^:]*(?:: [^:]*)?::(.*)$/m.exec(text)?.[1],
  junit: (text) => /<system-out>(.*?)<\/system-out>/s.exec(text)?.[1],
  svg: (text) => /<desc[^>]*>(.*?)<\/desc>/s.exec(text)?.[1],
};

function shown(memoryMb: number): string {
  return `${memoryMb >= 1000 ? `${Math.floor(memoryMb / 1000)},${String(memoryMb % 1000).padStart(3, '0')}` : memoryMb} MB`;
}

function agrees(result: MigrationResult): void {
  const { verdict, required, comparison, steps, run, current } = result;
  const to = result.preflight.wanted;
  for (const [format, firstLine] of Object.entries(firstLines)) {
    if (format === 'svg' && run === undefined) continue;
    const whole = migrationReporters[format as keyof typeof migrationReporters](result, view);
    const first = readable(firstLine(whole) ?? '').trim();
    expect(first, format).toMatch(new RegExp(`^${leads[verdict.kind]}`));
    expect(first, format).toContain(verdict.reason);
    const text = readable(whole);
    for (const [kind, lead] of Object.entries(leads)) {
      if (kind !== verdict.kind) expect(text, format).not.toContain(lead);
    }
    expect(text, format).not.toMatch(
      /Use \d|recommended|[Cc]heapest is|To apply it|tied for|own best size|speaks against/,
    );
    // The configuration that was judged is the only one that a sentence names, beside today's.
    const named = [...text.matchAll(new RegExp(`\\b(?:to|On) ${to} at ([\\d,]+ MB)`, 'g'))].map(([, size]) => size);
    expect(new Set(named).size, format).toBeLessThanOrEqual(1);
    if (named.length > 0) expect(named[0], format).toBe(shown(verdict.configuration?.memoryMb ?? 0));
    if (text.includes('It saves')) expect([verdict.kind, (comparison?.savings?.low ?? 0) > 0]).toEqual(['move', true]);
    if (text.includes('It would cost')) expect(comparison?.savings?.high).toBeLessThan(0);
    expect(text.includes('How to do it') || /(?:AWS CLI|Terraform)[*]*, roll/.test(text), format).toBe(
      steps.length > 0 && ['table', 'html', 'markdown'].includes(format),
    );
    expect(text.includes(': met.'), format).toBe(
      required?.decided === 'holds' && format !== 'junit' && format !== 'svg',
    );
  }
  const metrics = migrationReporters.gitlab(result, view);
  expect(metrics.match(/verdict="(\w+)"/g)).toEqual([`verdict="${verdict.kind}"`]);
  const { run: saved, ...document } = JSON.parse(migrationReporters.json(result, view));
  expect(Object.keys(document)[1]).toBe('verdict');
  expect([saved?.cheapest ?? null, saved?.fastest ?? null, saved?.balanced ?? null, saved?.search]).toEqual([
    null,
    null,
    null,
    undefined,
  ]);
  if (comparison !== undefined) {
    expect(comparison.memoryMb[to]).toBe(verdict.configuration?.memoryMb);
    expect(comparison.memoryMb[current.architecture]).toBe(current.memoryMb);
  }
  expect(steps.length > 0).toBe(verdict.kind === 'move');
  const sizesOfSteps = steps.flatMap(({ lines }) =>
    [...lines.join('\n').matchAll(/(?:--memory-size|MemorySize:|memorySize:|memory_size =) (\d+)/g)].map(([, size]) =>
      Number(size),
    ),
  );
  for (const size of sizesOfSteps) expect(size).toBe(verdict.configuration?.memoryMb);
  if (required !== undefined) {
    const code = { move: 0, stay: 1, cannot: 1, undecided: 4 }[verdict.kind];
    expect(verdictExitCode(verdict, required.require)).toBe(code);
    expect(required.decided).toBe({ 0: 'holds', 1: 'fails', 4: 'inconclusive' }[code]);
  }
}

describe('the formats of a migration', () => {
  const seen = new Set<string>();

  it('never disagree: one verdict, one configuration, no savings that it denies', () => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        const result = documentOf(evidence);
        seen.add(result.verdict.kind);
        seen.add(result.verdict.because);
        agrees(result);
      }),
      { seed: 20, numRuns: 150 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'move',
        'stay',
        'cannot',
        'undecided',
        'dearer',
        'slower',
        'answersDiffer',
        'otherSideFails',
      ]),
    );
  });

  it('agree on a move that costs more, where only speed was required', () => {
    const result = documentOf({
      current: { memoryMb: 1024, architecture: 'arm64' },
      preflight: { ...compatible, wanted: 'x86_64' },
      run: measured([x86(180), arm(200)]),
      require: 'not-slower',
      requestsPerMonth: 3e6,
    });
    expect(result.verdict).toMatchObject({ kind: 'move', because: 'notSlower' });
    agrees(result);
  });
});
