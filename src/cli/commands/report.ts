import type { CliCommand } from './command.ts';

export const report: CliCommand = {
  name: 'report',
  description: 'render a saved run again, in any format',
  argument: { name: 'run.json', description: 'what --json or --report json= wrote; - for standard input' },
  examples: [
    ['tune report run.json', 'the table again'],
    ['tune report run.json --report markdown=run.md', 'for a comment or a wiki'],
    ['tune report run.json --report svg=run.svg', 'the figure, for a README'],
  ],
  async load() {
    const { runReport } = await import('../../commands/report/report.ts');
    return ({ argument, flags, io }) => runReport(argument, flags, io);
  },
};
