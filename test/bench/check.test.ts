import { describe, expect, it } from 'vitest';
import { fileRows, filesTable, nameOfFiles, scoreFiles } from '../../bench/check/baselineFile.ts';
import { oracle } from '../../bench/check/oracle.ts';
import { gateCases, gateTable, scoreGate } from '../../bench/check/simulated.ts';

describe('bench:check at a small size', () => {
  it('prints a row for each kind of line and scatter, each described', () => {
    const table = [...gateTable(1, 1, gateCases.slice(0, 1))];
    expect(table.filter((line) => line.startsWith('| default |'))).toHaveLength(3);
    expect(table.filter((line) => line.startsWith('- default: cost alone'))).toHaveLength(1);
    expect(gateCases.map(({ name }) => name)).toEqual([
      'default',
      'p95 line',
      'all lines',
      'weighted payloads',
      'payloads, p95 line',
      'drift 5 %',
      'drift 30 %',
      'first calls slower',
      'one of ten',
      'arm64',
      'arm64, p95 line',
    ]);
  });

  it.each(gateCases.map((one) => [one.name, one] as const))('%s: unchanged code is not called regressed', (_, one) => {
    expect(scoreGate(one, 0.03, 0, 3).regressed).toBe(0);
  });

  it('prints what files decide on both architectures, of one file and of three, at 3, 5, 10 and 20 %', () => {
    expect(fileRows.map(({ architecture, files, withinCv }) => `${architecture} ${files} ${withinCv}`)).toEqual([
      'x86_64 1 0.03',
      'x86_64 1 0.05',
      'x86_64 1 0.1',
      'x86_64 1 0.2',
      'x86_64 3 0.03',
      'x86_64 3 0.05',
      'x86_64 3 0.1',
      'x86_64 3 0.2',
      'arm64 1 0.03',
      'arm64 1 0.05',
      'arm64 1 0.1',
      'arm64 1 0.2',
      'arm64 3 0.03',
      'arm64 3 0.05',
      'arm64 3 0.1',
      'arm64 3 0.2',
    ]);
    expect([...new Set(fileRows.map(nameOfFiles))]).toEqual([
      'x86_64, 1 file',
      'x86_64, 3 files',
      'arm64, 1 file',
      'arm64, 3 files',
    ]);
    const row = { files: 1, withinCv: 0.03, runCv: 0.008 };
    const [, , heads, , figures] = [...filesTable(1, 1, [row])];
    expect(heads).toContain('| inconclusive when unchanged | passed | regressed | calls |');
    expect(figures).toMatch(/^\| x86_64 \| 1 \| 3 % \| 0\.8 % \| (0|100)\.0 % \|/);
  });

  it('with a file on arm64, whose hosts are of two kinds, unchanged code is not called regressed', () => {
    const arm = { files: 1, withinCv: 0.03, runCv: 0.008, architecture: 'arm64' as const };
    expect(scoreFiles({ ...arm, scale: 1 }, 3, 1).shares.regressed).toBe(0);
  });

  it('an oracle leaves more than ten in a hundred open with a file of 200 calls that scatter by 20 %, and not with 600', () => {
    const of = (calls: number) => 1 - oracle({ calls, withinCv: 0.2, runCv: 0.008 }, 300, 1).passed;
    expect(of(200)).toBeGreaterThan(0.15);
    expect(of(600)).toBeLessThan(0.1);
  });
});
