import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PropertyChange } from '../../src/apply/change.ts';
import type { Splice } from '../../src/apply/definition/definition.ts';
import { editsFor, faultOf, spliced } from '../../src/apply/edit.ts';
import { readSource } from '../../src/apply/readFile.ts';

/** Documents that people could have written: whatever is put in and taken out again leaves the same bytes. */

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
const indent = fc.integer({ min: 1, max: 6 });
const lineBreak = fc.constantFrom('\n', '\r\n');
const size = fc.integer({ min: 128, max: 10_240 });
const remark = fc.constantFrom('', '', '  # MB', ' # 512: "why"', '   #');

interface Pieces {
  readonly breaks: string;
  readonly names: readonly string[];
  readonly memory: string | undefined;
  readonly architecture: string | undefined;
  readonly others: readonly string[];
  readonly wanted: number;
  readonly step: string;
}

const pieces = (others: fc.Arbitrary<string>, memory: fc.Arbitrary<string>, architecture: fc.Arbitrary<string>) =>
  fc.record({
    breaks: lineBreak,
    names: fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
    memory: fc.option(memory, { nil: undefined }),
    architecture: fc.option(architecture, { nil: undefined }),
    others: fc.array(others, { maxLength: 4 }),
    wanted: size,
    step: indent.map((width) => ' '.repeat(width)),
  });

const yamlDocuments = pieces(
  fc.constantFrom(
    'Timeout: 30',
    'Handler: "a.b" # entry',
    "Runtime: 'nodejs22.x'",
    '# MemorySize: 1',
    'Description: >-',
    'Tags: { MemorySize: "1", b: [1, 2] }',
    'Role: !GetAtt Role.Arn',
    'Layers: [!Ref A, !Sub "${B}:1"]',
  ),
  fc
    .tuple(size, fc.constantFrom('', '"', "'"), remark)
    .map(([mb, quote, after]) => `MemorySize: ${quote}${mb}${quote}${after}`),
  remark.map((after) => `Architectures: [x86_64]${after}`),
).map(({ names, memory, architecture, others, step, breaks, wanted }: Pieces) => {
  const properties = [
    ...new Map(
      [...others, memory ?? '', architecture ?? '', 'CodeUri: src']
        .filter((line) => line !== '')
        .map((line) => [/^[#\w ]+/.exec(line)?.[0], line]),
    ).values(),
  ];
  const lines = names.flatMap((name) => [
    `${step}R${name}:`,
    `${step.repeat(2)}Type: AWS::Serverless::Function`,
    `${step.repeat(2)}Properties:`,
    ...properties.flatMap((line) =>
      line.endsWith('>-')
        ? [`${step.repeat(3)}${line}`, `${step.repeat(4)}MemorySize: 512`]
        : [`${step.repeat(3)}${line}`],
    ),
    '',
  ]);
  return {
    file: 'template.yaml',
    text: ['Transform: AWS::Serverless-2016-10-31', 'Resources:', ...lines].join(breaks),
    select: `R${names[0] ?? ''}`,
    wanted,
  };
});

const jsonDocuments = fc
  .record({
    value: fc.jsonValue({ maxDepth: 3 }),
    memory: fc.option(fc.oneof(size, size.map(String)), { nil: undefined }),
    space: fc.constantFrom(undefined, '\t', '  ', '   '),
    breaks: lineBreak,
    wanted: size,
    order: fc.boolean(),
  })
  .map(({ value, memory, space, breaks, wanted, order }) => {
    const given = { Handler: 'a.b', Environment: { Variables: { any: value } } };
    const properties =
      memory === undefined ? given : order ? { MemorySize: memory, ...given } : { ...given, MemorySize: memory };
    const whole = {
      AWSTemplateFormatVersion: '2010-09-09',
      Metadata: { any: value },
      Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: properties } },
    };
    return {
      file: 'template.json',
      text: JSON.stringify(whole, null, space).replaceAll('\n', breaks),
      select: 'Fn',
      wanted,
    };
  });

const hclDocuments = pieces(
  fc.constantFrom(
    'timeout = 30',
    'handler="a.b" // entry',
    'runtime   =   "nodejs22.x"',
    '# memory_size = 1',
    '/* memory_size = 1 } */',
    'environment { variables = { memory_size = "1" } }'.replace('{ variables', '{\n variables').replace('} }', '}\n}'),
    'description = <<-EOT\n memory_size = 3\n  }\n EOT',
    'layers = ["${var.a["}"]}", local.b]',
    'tags = merge(local.tags, {\n  memory_size = "2"\n})',
  ),
  fc.tuple(size, remark).map(([mb, after]) => `memory_size = ${mb}${after}`),
  remark.map((after) => `architectures = ["x86_64"]${after}`),
).map(({ names, memory, architecture, others, step, breaks, wanted }: Pieces) => {
  const attributes = [
    ...new Map(
      [...others, memory ?? '', architecture ?? '', 'function_name = "f"']
        .filter((line) => line !== '')
        .map((line) => [/^[#/*\w]+/.exec(line)?.[0], line]),
    ).values(),
  ];
  const blocks = names.map((name) =>
    [`resource "aws_lambda_function" "${name}" {`, ...attributes.map((line) => `${step}${line}`), '}', ''].join('\n'),
  );
  return {
    file: 'main.tf',
    text: blocks.join('\n').replaceAll('\n', breaks),
    select: `aws_lambda_function.${names[0] ?? ''}`,
    wanted,
  };
});

/** The edits the other way round: what was put in is taken out, what was taken out is put back. */
function undone(before: string, after: string, splices: readonly Splice[]): string {
  let shift = 0;
  const backwards = [...splices]
    .map((splice, index) => ({ splice, index }))
    .sort((one, other) => one.splice.start - other.splice.start || one.index - other.index)
    .map(({ splice }) => {
      const start = splice.start + shift;
      shift += splice.text.length - (splice.end - splice.start);
      return { start, end: start + splice.text.length, text: before.slice(splice.start, splice.end), expects: [] };
    });
  return spliced(after, backwards);
}

describe.each([
  ['YAML', yamlDocuments, 120],
  ['JSON', jsonDocuments, 150],
  ['HCL', hclDocuments, 80],
] as const)('any document of %s', (_, documents, runs) => {
  it('is the same after an edit was taken back, and says nothing else in between', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async ({ file, text, select, wanted }) => {
        const source = readSource({ file, text, neighbours: [] });
        if (source === undefined || 'reason' in source) throw new Error(source?.reason ?? 'not read');
        const definition = source.definitions.find((one) => one.select === select);
        if (definition === undefined) throw new Error('not found');
        const changes: readonly PropertyChange[] = [
          { property: 'memoryMb', value: String(wanted) },
          { property: 'architecture', value: 'arm64' },
        ];
        const { edits, refusals, present } = editsFor(text, definition, changes, { globals: false });
        expect([edits.length + present.length, refusals]).toEqual([2, []]);
        const splices = edits.map(({ splice }) => splice);
        const after = spliced(text, splices);
        expect(await faultOf(source, text, after, splices)).toBeUndefined();
        expect(undone(text, after, splices)).toBe(text);
        const again = readSource({ file, text: after, neighbours: [] });
        if (again === undefined || 'reason' in again) throw new Error('not read again');
        const found = again.definitions.find((one) => one.select === select);
        expect(found && editsFor(after, found, changes, { globals: false }).present).toEqual(changes);
      }),
      { numRuns: runs, seed: 26 },
    );
  });
});
