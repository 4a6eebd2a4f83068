import type { CliCommand } from './command.ts';

export const observe: CliCommand = {
  name: 'observe',
  description: 'what does production pay, what changed, what could tuning be worth? Reads only',
  examples: [
    ['tune observe -f orders:live', 'the last 14 days'],
    ['tune observe -f orders --since 30d --report html=orders.html', 'a month, with pictures'],
    ['tune observe -f orders:live --since-change --require cheaper', 'did the last deployment come true?'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runObserve } = await import('../../commands/observe/observe.ts');
    return ({ flags, io }) => runObserve(flags, io);
  },
};
