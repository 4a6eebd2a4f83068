import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { TuningResult } from '../../src/model/run.ts';
import { runReporters as reporters } from '../../src/reporters/registry.ts';
import { decided, measuredRow, run } from './buildRun.ts';
import { foreignText } from './foreignText.ts';
import { awsRun, failuresRun, hostile, interruptedRun, localRun, savedRuns } from './savedRuns.ts';

const view = { columns: 80, color: false };
const texts = fc.oneof(foreignText, fc.constant(hostile), fc.constant(''));
const runs = { seed: 11, numRuns: 60 };

describe('junit', () => {
  interface Case {
    readonly '@_name': string;
    readonly '@_classname': string;
    readonly skipped?: { readonly '@_message': string };
    readonly error?: { readonly '@_message': string };
    readonly failure?: { readonly '@_message': string };
  }
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testcase' });
  const casesOf = (result: TuningResult): readonly Case[] => {
    const xml = reporters.junit(result, view);
    expect(XMLValidator.validate(xml)).toBe(true);
    return parser.parse(xml).testsuites.testsuite.testcase;
  };

  it('has a case for the run and one for each configuration, and counts them', () => {
    for (const build of Object.values(savedRuns)) {
      const cases = casesOf(build());
      expect(cases.length).toBe(1 + build().configurations.length);
      const suite = parser.parse(reporters.junit(build(), view)).testsuites.testsuite;
      expect(Number(suite['@_tests'])).toBe(cases.length);
      expect(Number(suite['@_skipped'])).toBe(cases.filter((one) => one.skipped !== undefined).length);
      expect(Number(suite['@_errors'])).toBe(cases.filter((one) => one.error !== undefined).length);
    }
  });

  it('says why a size has no figures, and does not fail for it', () => {
    const cases = casesOf(failuresRun('no such file'));
    expect(cases[1]?.skipped?.['@_message']).toBe('infeasible: out of memory at 128 MB: no such file');
    expect(cases.every((one) => one.failure === undefined && one.error === undefined)).toBe(true);
  });

  it('fails the case of a run that left something behind, or that measured nothing', () => {
    expect(casesOf(interruptedRun())[0]?.error?.['@_message']).toBe('2 things left behind in the account');
    const nothing = decided({ ...awsRun(), configurations: [] });
    expect(casesOf(nothing)[0]?.failure?.['@_message']).toBe('Nothing could be measured.');
  });

  it('stays valid XML with the same cases whatever is said', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const cases = casesOf(failuresRun(text));
        expect(cases.map((one) => one['@_name'])).toEqual(casesOf(failuresRun('')).map((one) => one['@_name']));
      }),
      runs,
    );
  });
});

describe('github', () => {
  it('prints at most one annotation of a kind, each on one line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = reporters
          .github({ ...interruptedRun(), ...failuresRun(text) }, view)
          .trimEnd()
          .split('\n');
        const kinds = lines.map((line) => /^::(notice|warning|error) title=[^:,\r\n]*::/.exec(line)?.[1]);
        expect(kinds).not.toContain(undefined);
        expect(new Set(kinds).size).toBe(kinds.length);
      }),
      runs,
    );
  });

  it('escapes percent signs, line ends, and in properties colons and commas', () => {
    const base = awsRun();
    const text = reporters.github(
      {
        ...base,
        target: { ...base.target, functionName: 'a:b,c%d' },
        warnings: [
          { code: 'x', text: '50 %, once' },
          { code: 'y', text: 'again' },
        ],
      },
      view,
    );
    expect(text).toContain('\n::warning title=tune%3A a%3Ab%2Cc%25d::50 %25, once%0Aagain\n');
  });

  it('makes an error of what is left behind, with the command that removes it', () => {
    expect(reporters.github(interruptedRun(), view)).toMatch(
      /^::error title=tune%3A orders::2 things left behind in the account:%0A.*Remove it with: aws lambda delete-function/m,
    );
  });
});

describe('gitlab', () => {
  it('is OpenMetrics: one type line before the samples of a name, labels quoted, one EOF', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = reporters.gitlab(failuresRun(text), view).split('\n');
        expect(lines.slice(-2)).toEqual(['# EOF', '']);
        let typed = '';
        for (const line of lines.slice(0, -2)) {
          const type = /^# (?:HELP|TYPE) (\w+) /.exec(line);
          if (type) typed = type[1] ?? '';
          else expect(line).toMatch(new RegExp(`^${typed}\\{(?:\\w+="(?:[^"\\\\]|\\\\["\\\\])*",?)+\\} [0-9.]+$`));
        }
      }),
      runs,
    );
  });

  it('has nothing in its labels that changes from run to run', () => {
    const later = { ...awsRun(), runId: 'other', startedAt: '2027-01-01T00:00:00.000Z' };
    expect(reporters.gitlab(later, view)).toBe(reporters.gitlab(awsRun(), view));
  });
});

describe('url', () => {
  const numbers = (part: string, width: 2 | 4): readonly number[] => {
    const bytes = Buffer.from(part, 'base64');
    return Array.from({ length: bytes.length / width }, (_, index) =>
      width === 2 ? bytes.readInt16LE(index * 2) : bytes.readFloatLE(index * 4),
    );
  };

  it('spells sizes as AWS Lambda Power Tuning does', () => {
    const rows = [128, 256, 512, 1024, 2048, 3008].map((memoryMb) =>
      measuredRow({ memoryMb, architecture: 'x86_64', meanMs: 10 }),
    );
    const text = reporters.url(run({ configurations: rows }), view);
    // The first part of links that people have shared.
    expect(text.startsWith('https://lambda-power-tuning.show/#gAAAAQACAAQACMAL;')).toBe(true);
    expect(text.trim().split('#')[1]?.split(';')).toHaveLength(3);
  });

  it('holds the means of the saved run, both architectures in the form for comparisons', () => {
    const result = awsRun();
    const parts = reporters.url(result, view).trim().split('#')[1]?.split(';') ?? [];
    expect(parts).toHaveLength(8);
    expect(parts.slice(6)).toEqual(['x86_64', 'arm64']);
    const arm = result.configurations.filter((row) => row.architecture === 'arm64');
    expect(numbers(parts[3] ?? '', 2)).toEqual([512, 1024, 1769, 3008]);
    expect(numbers(parts[4] ?? '', 4)).toEqual(arm.map((row) => Math.fround(row.warm?.durationMs.mean ?? 0)));
    expect(numbers(parts[5] ?? '', 4)).toEqual(arm.map((row) => Math.fround(row.warm?.costUsd.mean ?? 0)));
  });

  it('leaves out what was only projected or failed', () => {
    expect(numbers(reporters.url(localRun(), view).trim().split('#')[1]?.split(';')[0] ?? '', 2)).toEqual([
      128, 512, 1024, 2048,
    ]);
    expect(numbers(reporters.url(failuresRun(), view).trim().split('#')[1]?.split(';')[0] ?? '', 2)).toEqual([
      1024, 2048,
    ]);
  });

  it('says so when there is nothing to link to', () => {
    const nothing = decided({ ...awsRun(), configurations: [] });
    expect(reporters.url(nothing, view)).toBe('Nothing was measured, so there is nothing to link to.\n');
  });
});
