import type { CliCommand } from './command.ts';

export const tune: CliCommand = {
  name: 'tune',
  description:
    'Measures an AWS Lambda function at every memory size on x86_64 and arm64, on\n' +
    'copies of it, and says what is cheapest and fastest. Yours is only read.',
  examples: [
    ['tune -f ./my-function', 'a folder, measured here'],
    ['tune -f orders --dry-run', 'what it would cost'],
    ['tune -f orders:live -m 512,1024 --max-spend-usd 0.5', 'within 50 cents'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runTune } = await import('../../commands/tune/tune.ts');
    return ({ flags, io }) => runTune(flags, io);
  },
};
