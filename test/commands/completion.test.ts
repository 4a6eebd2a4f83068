import { expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/cli.ts';
import { runCompletion } from '../../src/commands/completion/completion.ts';
import { fakeIo } from '../support/fakeIo.ts';

const program = buildProgram(fakeIo().io, () => undefined);

it.each([
  ['bash', 'complete -F _tune'],
  ['zsh', '#compdef tune'],
  ['fish', 'complete -c tune'],
])('tune completion %s prints a script for it and ends with 0', (shell, line) => {
  const { io, stdout, stderr } = fakeIo();
  expect([runCompletion(shell, program, io), stderr()]).toEqual([0, '']);
  expect(stdout()).toContain(line);
  for (const command of program.commands) expect(stdout()).toContain(command.name());
});

it('tune completion of another shell prints nothing and names those that there are', () => {
  const { io, stdout } = fakeIo();
  expect(() => runCompletion('tcsh', program, io)).toThrow('There is no completion for the shell "tcsh".');
  expect(stdout()).toBe('');
});
