import type { CliCommand } from './command.ts';

export const completion: CliCommand = {
  name: 'completion',
  description: 'print a completion script for bash, zsh or fish',
  argument: { name: 'shell', description: 'bash, zsh or fish' },
  examples: [
    ['source <(tune completion bash)', 'in ~/.bashrc'],
    ['source <(tune completion zsh)', 'in ~/.zshrc, after compinit'],
    ['tune completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  async load() {
    const { runCompletion } = await import('../../commands/completion/completion.ts');
    return ({ argument, program, io }) => runCompletion(argument, program, io);
  },
};
