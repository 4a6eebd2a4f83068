import { describe, expect, it } from 'vitest';
import { imagePlatformOf } from '../../../src/migrate/preflight/image.ts';
import type { Finding, Inspection } from '../../../src/migrate/preflight/inspection.ts';
import { evidenceNote, judgePreflight } from '../../../src/migrate/preflight/preflight.ts';
import { runtimeSupports } from '../../../src/migrate/preflight/runtimeSupport.ts';

const arn = 'arn:aws:lambda:us-east-1:111111111111:layer:tools:3';

const finding: Finding = {
  where: 'function package',
  path: 'lib/a.so',
  kind: 'sharedLibrary',
  architecture: 'x86_64',
  cure: 'build it',
  blocking: true,
};

function inspection(changes: Partial<Inspection> = {}): Inspection {
  return {
    where: 'function package',
    wanted: 'arm64',
    findings: [],
    findingsLeftOut: 0,
    files: 10,
    bytes: 1000,
    archives: 0,
    natives: { x86_64: 0, arm64: 0, i386: 0, arm: 0, unknown: 0 },
    ...changes,
  };
}

const input = { wanted: 'arm64', runtime: 'nodejs22.x', code: inspection(), layers: [] } as const;

describe('the verdict of the preflight', () => {
  it('is compatible when nothing speaks against it, and always says what that is worth', () => {
    expect(judgePreflight(input)).toEqual({
      wanted: 'arm64',
      verdict: 'compatible',
      findings: [],
      findingsLeftOut: 0,
      files: 10,
      note: evidenceNote,
    });
    expect(evidenceNote).toMatch(/^This is evidence and not proof/);
  });

  it('is incompatible for one file that cannot run', () => {
    expect(judgePreflight({ ...input, code: inspection({ findings: [finding] }) })).toMatchObject({
      verdict: 'incompatible',
      findings: [finding],
    });
  });

  it('is unknown where something could not be looked into, or not at all', () => {
    const closed = { ...finding, kind: 'archive', blocking: false } as const;
    expect(judgePreflight({ ...input, code: inspection({ findings: [closed] }) }).verdict).toBe('unknown');
    expect(judgePreflight({ wanted: 'arm64', runtime: 'nodejs22.x', layers: [] }).verdict).toBe('unknown');
    expect(judgePreflight({ ...input, code: inspection({ findingsLeftOut: 2 }) }).verdict).toBe('unknown');
  });

  it('is incompatible for a runtime of one architecture, and says where to go', () => {
    const { verdict, findings } = judgePreflight({ ...input, runtime: 'python3.7' });
    expect(verdict).toBe('incompatible');
    expect(findings).toEqual([
      {
        where: 'function',
        path: 'python3.7',
        kind: 'runtime',
        architecture: 'x86_64',
        cure: 'This runtime does not exist on arm64: move to python3.12 or newer first.',
        blocking: true,
      },
    ]);
    expect(judgePreflight({ ...input, runtime: 'python3.7', wanted: 'x86_64' }).verdict).toBe('compatible');
    expect(judgePreflight({ ...input, runtime: 'cobol1' }).verdict).toBe('unknown');
  });
});

describe('layers', () => {
  const verdictOf = (layer: Parameters<typeof judgePreflight>[0]['layers'][number]) =>
    judgePreflight({ ...input, layers: [layer] });

  it('are judged by their content, whatever they declare', () => {
    const content = inspection({ where: arn, findings: [{ ...finding, where: arn }] });
    const { verdict, findings } = verdictOf({ arn, declared: ['x86_64', 'arm64'], inspection: content });
    expect(verdict).toBe('incompatible');
    expect(findings).toEqual([{ ...finding, where: arn }]);
    expect(verdictOf({ arn, inspection: inspection() }).verdict).toBe('compatible');
  });

  it('that declare the other architecture only, but hold nothing native, leave it open', () => {
    const { verdict, findings, files } = verdictOf({ arn, declared: ['x86_64'], inspection: inspection() });
    expect(verdict).toBe('unknown');
    expect(files).toBe(20);
    expect(findings).toMatchObject([{ where: arn, kind: 'layer', architecture: 'x86_64', blocking: false }]);
    expect(findings[0]?.cure).toContain('declares x86_64 only, but its content holds no native code');
  });

  it('that could not be read leave it open', () => {
    expect(verdictOf({ arn, declared: ['arm64'] })).toMatchObject({
      verdict: 'unknown',
      findings: [{ where: arn, kind: 'layer', architecture: 'unknown' }],
    });
  });
});

describe('runtimes', () => {
  it.each([
    'nodejs22.x',
    'nodejs26.x',
    'python3.8',
    'python3.15',
    'java8.al2',
    'java17.al2023',
    'java25',
    'dotnet10',
    'dotnetcore3.1',
    'ruby4.0',
    'provided.al2',
    'provided.al2023',
  ])('%s has both architectures', (runtime) => {
    expect([runtimeSupports(runtime, 'x86_64'), runtimeSupports(runtime, 'arm64')]).toEqual([true, true]);
  });

  it.each(['go1.x', 'provided', 'java8', 'nodejs10.x', 'python3.7', 'dotnetcore2.1', 'ruby2.5'])(
    '%s has x86_64 only',
    (runtime) => {
      expect([runtimeSupports(runtime, 'x86_64'), runtimeSupports(runtime, 'arm64')]).toEqual([true, false]);
    },
  );
});

describe('container images', () => {
  const manifest = { schemaVersion: 2, config: { digest: 'sha256:1' }, layers: [] };

  it('are told by their config', () => {
    expect(imagePlatformOf(manifest, { architecture: 'arm64', os: 'linux' })).toEqual({
      kind: 'single',
      architecture: 'arm64',
    });
    expect(imagePlatformOf(manifest, { architecture: 'amd64', os: 'linux' })).toEqual({
      kind: 'single',
      architecture: 'x86_64',
    });
    expect(imagePlatformOf(manifest, { architecture: 'amd64', os: 'windows' })).toEqual({
      kind: 'single',
      architecture: 'other',
    });
    expect(imagePlatformOf(manifest)).toEqual({ kind: 'unknown', reason: 'its config names no architecture' });
    expect(imagePlatformOf('nonsense', 7).kind).toBe('unknown');
  });

  it('in a list are named, without the attestations of buildx', () => {
    const list = {
      manifests: [
        { platform: { architecture: 'amd64', os: 'linux' } },
        { platform: { architecture: 'arm64', os: 'linux', variant: 'v8' } },
        { platform: { architecture: 'unknown', os: 'unknown' } },
      ],
    };
    expect(imagePlatformOf(list)).toEqual({ kind: 'list', architectures: ['x86_64', 'arm64'] });
  });

  it('decide the verdict', () => {
    const verdictOf = (image: ReturnType<typeof imagePlatformOf>) =>
      judgePreflight({ wanted: 'arm64', image, layers: [] });
    expect(verdictOf({ kind: 'single', architecture: 'arm64' }).verdict).toBe('compatible');
    expect(verdictOf({ kind: 'single', architecture: 'x86_64' }).verdict).toBe('incompatible');
    expect(verdictOf({ kind: 'list', architectures: ['x86_64', 'arm64'] }).verdict).toBe('incompatible');
    expect(verdictOf({ kind: 'unknown', reason: 'access denied' }).verdict).toBe('unknown');
    expect(verdictOf({ kind: 'single', architecture: 'x86_64' }).findings[0]?.cure).toContain(
      '--platform linux/arm64 --provenance=false',
    );
  });
});
