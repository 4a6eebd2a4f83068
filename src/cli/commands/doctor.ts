import type { CliCommand } from './command.ts';

export const doctor: CliCommand = {
  name: 'doctor',
  description: 'look whether a run could start here: reads only',
  examples: [
    ['tune doctor', 'this machine and account'],
    ['tune doctor -f orders:live', 'and this function'],
    ['tune doctor --profile prod --region eu-west-1', 'with another profile'],
  ],
  isSlowToLoad: true,
  async load() {
    const { runDoctor } = await import('../../commands/doctor/doctor.ts');
    return ({ flags, io }) => runDoctor(flags, io);
  },
};
