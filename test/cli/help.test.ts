import { describe, expect, it } from 'vitest';
import { buildProgram, main } from '../../src/cli/cli.ts';
import { commandList } from '../../src/cli/commandList.ts';
import { commandNamed, namedCommands } from '../../src/commands/shared/program/commandTree.ts';
import { commandNames } from '../../src/options/rows/commands.ts';
import { fakeIo } from '../support/fakeIo.ts';

async function helpOf(...args: readonly string[]): Promise<string> {
  const { io, stdout } = fakeIo();
  expect(await main(args, io)).toBe(0);
  return stdout();
}

const program = buildProgram(fakeIo().io, () => undefined);

describe('help', () => {
  it('of tune fits a screen of 80 × 40', async () => {
    const lines = (await helpOf('--help')).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has every option somewhere, with words that explain it', async () => {
    const all = await helpOf('--help-all');
    expect(program.options.map(({ long }) => long).filter((long) => long && !all.includes(`${long}`))).toEqual([]);
    expect(all).toContain('Exit codes: 0 ok');
  });

  it('shows the common options in the short help, the others in the long one', async () => {
    const short = await helpOf('--help');
    expect(short).toContain('--max-spend-usd');
    expect(short).toContain('--help-all');
    expect(short).not.toContain('--staging-bucket');
    expect(await helpOf('--help-all')).toContain('--staging-bucket');
  });

  it('is the same where only the options that it shows were made, and where all were', async () => {
    const short = await helpOf('--help');
    expect(await helpOf('-h')).toBe(short);
    expect(await helpOf('--yes', '--help')).toBe(short);
    expect(await helpOf('--memory', '512', '-h')).toBe(short);
  });

  for (const { name } of namedCommands(program).slice(1)) {
    it(`of ${name} has three examples and fits the width`, async () => {
      const text = await helpOf(...name.split(' '), '--help');
      expect(text.split('\nExamples:\n')[1]?.trimEnd().split('\n').length).toBeGreaterThanOrEqual(3);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    });
  }

  it('gives examples of commands and options that exist', () => {
    for (const { name, examples: lines } of commandList) {
      for (const [line] of lines) {
        expect(line).toContain(name === 'tune' ? 'tune -f' : `tune `);
        // The longest that the line names: `fleet rank`, not `fleet`.
        const called = commandNames.findLast((one) => line.includes(`tune ${one}`)) ?? 'tune';
        const own = commandNamed(program, called)?.options.flatMap(({ long, short }) => [long, short]);
        for (const [flag] of line.matchAll(/(?<= )--?[a-z][a-z0-9-]*/g)) expect(own).toContain(flag);
      }
    }
  });

  it('of a command that does not exist names those that do', async () => {
    const { io, stderr: text } = fakeIo();
    expect(await main(['deploy'], io)).toBe(2);
    expect(text()).toContain('"deploy" is not a command of tune.');
    expect(text()).toContain(
      'Commands: check, baseline, migrate, apply, observe, fleet, cleanup, policy, doctor, report, local',
    );
  });
});
