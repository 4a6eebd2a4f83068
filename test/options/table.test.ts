import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/cli.ts';
import { commandList } from '../../src/cli/commandList.ts';
import { givenFlags } from '../../src/cli/flags.ts';
import { commandNamed, namedCommands } from '../../src/commands/shared/program/commandTree.ts';
import { withDefaults } from '../../src/options/defaults.ts';
import { nearest, parseFlags, resolveOptions } from '../../src/options/options.ts';
import { type CommandName, commandNames } from '../../src/options/rows/commands.ts';
import type { Row } from '../../src/options/rows/row.ts';
import { configKeys, toolSchema } from '../../src/options/schema.ts';
import { defaultOf, optionsOn, rowsOn, type ShownOption } from '../../src/options/shown.ts';
import { runRows } from '../../src/options/table.ts';
import { fakeIo } from '../support/fakeIo.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const programOf = () => buildProgram(fakeIo().io, () => undefined);

const typedOnly = ['config', 'resume', 'debug', 'helpAll', 'top', 'minSaving', 'only', 'shard', 'out'];
const readsFile = (name: CommandName) => optionsOn(name).some(({ key }) => key === 'config');

/** One value of each kind, as it is typed. */
const typed: Readonly<Record<Row['takes']['kind'], string>> = {
  switch: '',
  text: 'some-text',
  textOrTrue: '2026-11-20',
  url: 'http://127.0.0.1:9001',
  words: '',
  wordList: '',
  wholeNumber: '12',
  amount: '250.5',
  count: '3M',
  dollars: '$0.50',
  share: '5%',
  shareBetween: '2%',
  keyValues: 'NAME=value',
  architectures: 'x86_64,arm64',
  memory: '512,1024',
  payload: '{"id":1}',
  strings: 'json=a.json',
  runId: 'build-7',
  knownRun: 'build-7',
  layerArns: 'arn:aws:lambda:eu-west-1:123456789012:layer:a:1',
  ageMs: '12h',
  roleArn: 'arn:aws:iam::123456789012:role/tune',
  externalId: 'of-the-policy',
  sessionName: 'nightly',
  rate: '5/s',
  pauseMs: '200ms',
  region: 'eu-central-1',
  regions: 'eu-central-1',
  port: '9001',
  regionList: 'eu-west-1,us-east-1',
  roles: 'arn:aws:iam::123456789012:role/tune',
  monthlyDollars: '$10/month',
  shard: '1/4',
};

function valueFor({ row: { takes } }: ShownOption): string {
  return 'words' in takes ? takes.words[0] : typed[takes.kind];
}

/** What a command is given, as commander reads it. */
async function flagsOf(name: CommandName, args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const program = programOf();
  const command = commandNamed(program, name);
  let read: Readonly<Record<string, unknown>> = {};
  command?.action((...given: readonly unknown[]) => {
    read = givenFlags((given.at(-1) as Command).opts(), given.at(-1) as Command);
  });
  const words = commandList.find((one) => one.name === name)?.argument === undefined ? [] : ['bash'];
  await program.parseAsync([...(name === 'tune' ? [] : name.split(' ')), ...words, ...args], { from: 'user' });
  return read;
}

describe('the table of options', () => {
  it('is the only place where one is defined: commander is told of options in one file', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const telling = files.filter((file) =>
      /\.(?:option|requiredOption|addOption|addHelpOption|helpOption)\(|new Option\(/.test(
        readFileSync(join(source, file), 'utf8'),
      ),
    );
    // cure: add a row in src/options/rows/, and the commands it is on
    expect(telling).toEqual(['cli/flags.ts']);
  });

  it('knows the commands that there are', () => {
    expect(commandList.map(({ name }) => name)).toEqual([...commandNames]);
    expect(namedCommands(programOf()).map(({ name }) => name)).toEqual([...commandNames]);
  });

  it.each(commandNames)('gives %s every key and flag once, with help', (name) => {
    const options = optionsOn(name);
    expect(options.filter(({ help }) => help.trim().length < 5)).toEqual([]);
    const flags = options.flatMap(({ long, row }) => [long, ...(row.short === undefined ? [] : [row.short])]);
    expect(flags.filter((flag, index) => flags.indexOf(flag) !== index)).toEqual([]);
    const headings = options.map(({ heading }) => heading);
    const begun = headings.filter((heading, index) => index === 0 || heading !== headings[index - 1]);
    expect(begun).toEqual([...new Set(headings)]);
  });

  it('has a value for every option but switches, and defaults that the option itself takes', () => {
    for (const name of commandNames) {
      for (const { key, row } of rowsOn(name)) {
        expect([name, key, row.takes.kind === 'switch']).toEqual([name, key, row.value === undefined]);
        const value = defaultOf(row, name);
        if (value === undefined) continue;
        expect(toolSchema(name).parse({ [key]: value })).toEqual({ [key]: value });
      }
    }
  });

  const run = commandNames.filter(readsFile);
  it.each(run)('lets %s take the same from its flags and from the config file', async (name) => {
    for (const option of optionsOn(name).filter(({ key }) => !typedOnly.includes(key))) {
      const isSwitch = option.row.takes.kind === 'switch';
      const flags = await flagsOf(name, isSwitch ? [option.long] : [option.long, valueFor(option)]);
      expect(Object.keys(flags)).toEqual([option.key]);
      const fromFlags = resolveOptions(undefined, flags);
      const text = option.row.takes.kind === 'keyValues' ? { NAME: 'value' } : valueFor(option);
      const written = isSwitch ? option.row.default !== true : text;
      const fromFile = resolveOptions({ name: 'tune.config.json', content: { [option.key]: written } }, {});
      expect(fromFlags).toEqual(fromFile);
    }
  });

  it.each(commandNames.filter((name) => !readsFile(name)))('lets %s take each of its flags', async (name) => {
    for (const option of optionsOn(name).filter(({ key }) => !typedOnly.includes(key))) {
      const isSwitch = option.row.takes.kind === 'switch';
      const flags = await flagsOf(name, isSwitch ? [option.long] : [option.long, valueFor(option)]);
      expect(Object.keys(parseFlags(name, flags))).toContain(option.key);
    }
  });

  it('gives every key of the config file a flag on some command, but those that only a file can hold', () => {
    const withFlag = new Set(run.flatMap((name) => optionsOn(name).map(({ key }) => key)));
    expect(configKeys.filter((key) => !withFlag.has(key))).toEqual(['$schema', 'functions']);
    expect(Object.keys(runRows).filter((key) => typedOnly.includes(key))).toEqual([]);
  });

  it('names the nearest key for one that is not there', () => {
    const content = { maxSpendUds: 1 };
    expect(() => resolveOptions({ name: 'tune.config.json', content }, {})).toThrow(
      'Config file tune.config.json: "maxSpendUds" is not an option.',
    );
    expect(nearest('maxSpendUds', configKeys)).toBe('maxSpendUsd');
  });

  it('says of a key that holds for all where it stands, instead of offering the same word', () => {
    const content = { functions: [{ function: 'a' }, { function: 'b', maxRate: '5/s' }] };
    const resolve = () => resolveOptions({ name: 'tune.config.json', content }, {});
    expect(resolve).toThrow(
      'Config file tune.config.json: "maxRate" is no option of one function: functions.1 has it.',
    );
    expect(resolve).toThrow(expect.objectContaining({ hint: 'It holds for all: write "maxRate" beside "functions".' }));
  });

  it('names a flag as it is typed, also one that turns a switch off', () => {
    expect(() => resolveOptions(undefined, { maxP95Ms: 'soon' })).toThrow('--max-p95-ms must be a number');
    expect(() => resolveOptions(undefined, { copyTags: 'yes' })).toThrow('--no-copy-tags ');
    expect(() => parseFlags('local', { port: '70000' })).toThrow('--port must be a port from 0 to 65535.');
  });
});

describe('defaults', () => {
  it('are those of the command, under what is given', () => {
    expect(withDefaults('tune', {})).toMatchObject({
      memory: 'auto',
      invocations: 20,
      tolerance: 0.03,
      maxErrorShare: 0.1,
      effort: 'default',
      copyTags: true,
      payloadTemplate: false,
      allowError: [],
      env: {},
    });
    expect(withDefaults('migrate', {})).toMatchObject({ memory: 'current', invocations: 80 });
    expect(withDefaults('check', {})).toMatchObject({ maxCostIncrease: 0.05, maxInvocations: 100, fail: true });
    expect(withDefaults('tune', { invocations: 5, tolerance: 0, copyTags: false })).toMatchObject({
      invocations: 5,
      tolerance: 0,
      copyTags: false,
    });
  });

  it('stand where a program gives undefined', () => {
    expect(withDefaults('tune', { invocations: undefined }).invocations).toBe(20);
  });

  it('are not made up where the answer depends on whether somebody asked', () => {
    const { goal, maxSlowdown, concurrency, architecture } = withDefaults('migrate', {});
    expect([goal, maxSlowdown, concurrency, architecture]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are shown in help, as people write them', () => {
    const helpOf = (name: CommandName, key: string) => optionsOn(name).find((one) => one.key === key)?.help;
    expect(helpOf('tune', 'tolerance')).toMatch(/ \(default: 3%\)$/);
    expect(helpOf('tune', 'invocations')).toMatch(/ \(default: 20\)$/);
    expect(helpOf('migrate', 'invocations')).toMatch(/ \(default: 80\)$/);
    expect(helpOf('tune', 'concurrency')).toMatch(/ \(default: 2 on AWS, 1 locally\)$/);
    expect(helpOf('report', 'report')).toMatch(/ \(repeatable; default: table\)$/);
    expect(helpOf('tune', 'dryRun')).not.toContain('default');
  });
});
