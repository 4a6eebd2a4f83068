import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/model/check.ts';
import type { ConfigurationResult, TuningResult } from '../../src/model/run.ts';
import { renderMigrationMarkdown } from '../../src/reporters/migration/markdown.ts';
import { checkReporters } from '../../src/reporters/registry.ts';
import { renderJson } from '../../src/reporters/run/json.ts';
import { renderMarkdown } from '../../src/reporters/run/markdown.ts';
import { renderTable } from '../../src/reporters/run/table.ts';
import { wrapText } from '../../src/text/wrapText.ts';
import { emptyRow, measuredRow, run } from './buildRun.ts';
import { checkOf } from './savedCheck.ts';
import { migrationOf } from './savedMigration.ts';
import { awsRun, failuresRun, hostile, interruptedRun, localRun } from './savedRuns.ts';

/** The longest that may stand anywhere, of what takes the most room once it is escaped. */
const worst = '@`'.repeat(2000);

/** Every size there is, on both architectures. */
function everySize(): TuningResult {
  const sizes = Array.from({ length: 10_113 }, (_, index) => 128 + index);
  const chosen = measuredRow({ memoryMb: 9000, architecture: 'arm64', meanMs: 40 });
  const rows = (['x86_64', 'arm64'] as const).flatMap((architecture) =>
    sizes.map(
      (memoryMb): ConfigurationResult =>
        memoryMb === 9000 && architecture === 'arm64'
          ? chosen
          : emptyRow(
              { memoryMb, architecture },
              memoryMb === 1024 ? 'infeasible' : 'unmeasured',
              `reason ${memoryMb % 100} ${hostile}`,
            ),
    ),
  );
  return run({ configurations: rows });
}

describe('Markdown', () => {
  it('stays within what a comment may hold, and drops rows before the verdict', () => {
    const text = renderMarkdown(everySize());
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toContain('- **Answer:** Change to 9,000 MB on arm64');
    expect(text).toContain('- **Cheapest:** 9,000 MB on arm64');
    expect(text).toMatch(/^\| arm64 \| 9,000 \| .*\*\*cheapest\*\*/m);
    expect(text).toMatch(/^[\d,]+ more rows are left out; the JSON report has all\.$/m);
    expect(text).toContain('aws lambda update-function-code');
  });

  it('stays within it whatever is left behind, and says how many lines it drops', () => {
    const left = { kind: 'function', name: worst, region: worst, reason: worst, command: worst } as const;
    const base = awsRun();
    const warnings = Array.from({ length: 400 }, (_, index) => ({ code: `w${index}`, text: worst }));
    const text = renderMarkdown({ ...base, warnings, leftBehind: Array.from({ length: 400 }, () => left) });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text.startsWith('<!-- lambda-tune: thumbnails -->\n')).toBe(true);
    expect(text).toContain('- **Cheapest:**');
    const shown = text.match(/^- \*\*(Left behind|Warning):/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(3);
    expect(text).toContain(`\n${800 - shown} more lines are left out; the JSON report has all.\n`);
    expect(text.match(/<\/?sub>/g)).toEqual(['<sub>', '</sub>']);
  });

  it('has the same marker for every run of one function', () => {
    const [first] = renderMarkdown(awsRun()).split('\n');
    expect(first).toBe('<!-- lambda-tune: thumbnails -->');
    expect(renderMarkdown({ ...awsRun(), runId: 'other' }).split('\n')[0]).toBe(first);
  });
});

const markdownOfCheck = (check: CheckResult) => checkReporters.markdown(check, { columns: 80, color: false });

describe('Markdown of a check', () => {
  it('stays within what a comment may hold: failures have rows and sections first, and what is dropped is counted', () => {
    const base = checkOf(worst);
    const [regressed, unmeasured] = base.functions;
    const [left] = base.leftBehind;
    if (!regressed || !unmeasured || !left) throw new Error('The saved check has no functions.');
    const passed = Array.from({ length: 300 }, (_, index) => ({
      ...regressed,
      function: `fine-${index}`,
      verdict: 'passed' as const,
    }));
    const text = markdownOfCheck({
      ...base,
      functions: [...passed, ...Array.from({ length: 20 }, () => unmeasured), { ...regressed, function: 'slow' }],
      leftBehind: Array.from({ length: 500 }, () => left),
    });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toMatch(/^<!-- lambda-tune-check: \S+ -->\n\n### Lambda cost check: /);
    expect(text).toMatch(/^\| ❌ \| slow /m);
    expect(text.match(/^\| ⚠️ \| /gm)).toHaveLength(20);
    expect(text).toContain('#### ❌ `slow`');
    const leftShown = text.match(/^- \*\*Left behind:/gm)?.length ?? 0;
    expect(leftShown).toBeGreaterThan(0);
    expect(text).toContain(`\n${500 - leftShown} more leftovers are left out; the JSON report has all.\n`);
    const sections = text.match(/^#### /gm)?.length ?? 0;
    expect(text).toContain(`\n${321 - sections} more sections are left out; the JSON report has all.\n`);
    const rows = text.match(/^\| [✅❌⚠]/gmu)?.length ?? 0;
    expect(text).toContain(`\n${321 - rows} more functions are left out; the JSON report has all.\n`);
  });
});

describe('Markdown of a migration', () => {
  it('stays within what a comment may hold: what was found out stays, and what is dropped is counted', () => {
    const base = migrationOf(worst);
    const [finding] = base.preflight.findings;
    const [answer] = base.smoke ?? [];
    const [step] = base.steps;
    const { run: measured } = base;
    if (!finding || !answer || !step || !measured) throw new Error('The saved migration is not whole.');
    const left = { kind: 'function', name: worst, region: worst, reason: worst, command: worst } as const;
    const text = renderMigrationMarkdown({
      ...base,
      preflight: { ...base.preflight, findings: Array.from({ length: 100 }, () => finding) },
      smoke: Array.from({ length: 50 }, () => answer),
      steps: Array.from({ length: 40 }, () => ({ ...step, lines: Array.from({ length: 30 }, () => worst) })),
      run: { ...measured, leftBehind: Array.from({ length: 100 }, () => left) },
    });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toMatch(/^<!-- lambda-tune-migrate: \S+ -->\n\n### Move /);
    for (const fact of ['Cost', 'It saves', 'Preflight for arm64']) {
      expect(text).toMatch(new RegExp(`^- ${fact}`, 'm'));
    }
    expect(text).toMatch(/^\| today x86\\_64 \| /m);
    const lines = text.match(/^- /gm)?.length ?? 0;
    expect(text).toMatch(/^\d+ more lines are left out; the JSON report has all\.$/m);
    expect(lines).toBeGreaterThan(7);
    const steps = text.match(/^\*\*AWS CLI\*\*/gm)?.length ?? 0;
    expect(text).toContain(`\n${40 - steps} more steps are left out; the JSON report has all.\n`);
  });

  it('holds every step with its remark where there is room', () => {
    const text = renderMigrationMarkdown(migrationOf('plain words'));
    expect(text.match(/^\*\*(AWS CLI|Terraform|SAM)\*\*/gm)).toHaveLength(3);
    expect(text).toMatch(/```\n\nFirst: plain words\n/);
    expect(text).not.toContain('left out;');
  });
});

describe('table', () => {
  it('says "projected" in every projected row at every width', () => {
    for (const columns of [40, 60, 80, 100, 120, 200]) {
      const lines = renderTable(localRun(), { columns, color: false }).split('\n');
      const from = lines.findIndex((line) => line.startsWith('arm64, projected'));
      const rule = lines.findIndex((line, at) => at > from && line.startsWith('──'));
      expect(lines.slice(rule + 1, rule + 5).every((line) => line.endsWith('projected'))).toBe(true);
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
    const text = renderTable(run({ configurations: [rest] }), {
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
    const text = renderTable(run({ configurations: [rest, other] }), {
      columns: 80,
      color: false,
    });
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
