import { describe, expect, it } from 'vitest';
import type { ConfigurationResult, TuningResult } from '../../src/domain/result.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { renderMarkdown } from '../../src/reporters/markdown.ts';
import { renderTable } from '../../src/reporters/table.ts';
import { wrapText } from '../../src/reporters/wrapText.ts';
import { emptyRow, measuredRow, run } from './buildRun.ts';
import { awsRun, failuresRun, hostile, interruptedRun, localRun } from './savedRuns.ts';

/** Every size there is, on both architectures. */
function everySize(): TuningResult {
  const sizes = Array.from({ length: 10_113 }, (_, index) => 128 + index);
  const chosen = measuredRow({ memoryMb: 9000, architecture: 'arm64', meanMs: 40 });
  const rows = (['x86_64', 'arm64'] as const).flatMap((architecture) =>
    sizes.map(
      (memoryMb): ConfigurationResult =>
        memoryMb === 9000 && architecture === 'arm64'
          ? chosen
          : emptyRow({ memoryMb, architecture }, 'unmeasured', `reason ${memoryMb % 100} ${hostile}`),
    ),
  );
  return run({
    configurations: rows,
    cheapest: { memoryMb: 9000, architecture: 'arm64', tiedWith: [] },
    fastest: { memoryMb: 9000, architecture: 'arm64', tiedWith: [] },
    balanced: null,
  });
}

describe('Markdown', () => {
  it('stays within what a comment may hold, and drops rows before the verdict', () => {
    const text = renderMarkdown(everySize());
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toContain('- **Cheapest:** 9,000 MB on arm64');
    expect(text).toMatch(/^\| arm64 \| 9,000 \| .*\*\*cheapest\*\*/m);
    expect(text).toMatch(/^[\d,]+ more rows are left out/m);
    expect(text).toContain('aws lambda update-function-code');
  });

  it('has the same marker for every run of one function', () => {
    const [first] = renderMarkdown(awsRun()).split('\n');
    expect(first).toBe('<!-- lambda-tune: thumbnails -->');
    expect(renderMarkdown({ ...awsRun(), runId: 'other' }).split('\n')[0]).toBe(first);
  });
});

describe('table', () => {
  it('says "projected" in every projected row at every width', () => {
    for (const columns of [40, 60, 80, 100, 120, 200]) {
      const lines = renderTable(localRun(), { columns, color: false }).split('\n');
      const from = lines.findIndex((line) => line.startsWith('arm64, projected'));
      expect(lines.slice(from + 4, from + 8).every((line) => line.endsWith('projected'))).toBe(true);
    }
  });

  it('says "modelled" and "not on AWS" of a modelled run, at every width', () => {
    for (const columns of [40, 60, 80, 200]) {
      expect(renderTable(localRun(), { columns, color: false })).toMatch(/modelled locally, not on AWS/);
    }
  });

  it('treats anything narrower as 40 columns', () => {
    expect(renderTable(awsRun(), { columns: 10, color: false })).toBe(
      renderTable(awsRun(), { columns: 40, color: false }),
    );
  });

  it('ends with what was spent and by which prices', () => {
    expect(renderTable(interruptedRun(), { columns: 120, color: false })).toMatch(
      /\n\nSpent \$0\.00000512 on 8 invocations, 2 throttled and repeated \(estimated \$0\.0000413\)\.\nPrices: us-east-1, .*\.\n$/,
    );
  });

  it('judges and says so by cold starts where no call was warm', () => {
    const { warm, ...rest } = measuredRow({ memoryMb: 512, architecture: 'x86_64', meanMs: 40 });
    expect(warm).toBeDefined();
    const choice = { memoryMb: 512, architecture: 'x86_64' as const, tiedWith: [] };
    const text = renderTable(run({ configurations: [rest], cheapest: choice, fastest: choice, balanced: choice }), {
      columns: 80,
      color: false,
    });
    expect(text).toMatch(/^ {3}512 {2}2 {2}/m);
    expect(text).toContain('cold starts (no warm call succeeded)');
  });

  it('does not call a size unable to run when only its cold starts succeeded', () => {
    const { warm, ...rest } = measuredRow({ memoryMb: 512, architecture: 'x86_64', meanMs: 40 });
    expect(warm).toBeDefined();
    const other = measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 30 });
    const choice = { memoryMb: 1024, architecture: 'x86_64' as const, tiedWith: [] };
    const text = renderTable(
      run({ configurations: [rest, other], cheapest: choice, fastest: choice, balanced: choice }),
      {
        columns: 80,
        color: false,
      },
    );
    expect(text).toContain('512  – only cold starts succeeded');
  });
});

describe('JSON', () => {
  it('has its keys in the same order however the run was put together', () => {
    const { configurations, target, ...rest } = failuresRun();
    const reversed = Object.fromEntries(Object.entries(target).reverse()) as TuningResult['target'];
    expect(renderJson({ target: reversed, ...rest, configurations })).toBe(renderJson(failuresRun()));
  });

  it('is written even if it does not fit the schema', () => {
    const broken = { ...awsRun(), finishedAt: 'never' };
    expect(JSON.parse(renderJson(broken))).toEqual(broken);
  });
});

describe('wrapText', () => {
  it('breaks at blanks, keeps units with their numbers, cuts what is longer than a line', () => {
    expect(wrapText('takes 512 MB or $1.26 ± 0.10 now', 12)).toEqual(['takes 512 MB', 'or', '$1.26 ± 0.10', 'now']);
    expect(wrapText('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapText('設定設定', 4)).toEqual(['設定', '設定']);
    expect(wrapText('', 10)).toEqual(['']);
  });
});
