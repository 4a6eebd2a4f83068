import type { CliCommand } from './command.ts';

export const observe: CliCommand = {
  name: 'observe',
  description: 'what production pays, and what changed',
  examples: [
    ['tune observe -f orders:live', 'the last 14 days'],
    ['tune observe -f orders --since 30d --report html=o.html', 'with pictures'],
    ['tune observe -f orders --since-change --require cheaper', 'did it come true?'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runObserve } = await import('../../commands/observe/observe.ts');
    return ({ flags, io }) => runObserve(flags, io);
  },
};
