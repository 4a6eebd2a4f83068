import type { CliCommand } from './command.ts';

export const check: CliCommand = {
  name: 'check',
  description: 'did a change make it dearer? the gate for CI',
  examples: [
    ['tune check -f orders --against orders:live', 'with what is deployed'],
    ['tune check -f orders --baseline base.json', 'with a saved run'],
    ['tune check -f ./build --against ./main-build', 'two folders, here'],
  ],
  notes: `
Prefer --against: both sides are measured in the same minutes on the same
payloads, so hours and hosts cancel. A baseline file is cheap, but its verdict
carries what two runs differ by anyway, and says so.
Verdicts: passed (exit 0) · regressed (1) · inconclusive (4, in CI better 0:
--on-inconclusive warn) · not measured (2, 3)`,
  isSlowToLoad: true,
  async load() {
    const { runCheckCommand } = await import('../../commands/check/check.ts');
    return ({ flags, io }) => runCheckCommand(flags, io);
  },
};
