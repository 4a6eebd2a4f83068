import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** What `npm install lambda-tune` brings, by its place in node_modules. */
function production() {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')));
  return Object.entries(packages).filter(([place, { dev, devOptional }]) => place !== '' && !dev && !devOptional);
}

describe('what is published', () => {
  const [packed] = z
    .array(z.object({ files: z.array(z.object({ path: z.string(), mode: z.int() })) }))
    .parse(
      JSON.parse(
        execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
      ),
    );
  const files = packed?.files ?? [];

  it('is what runs, its types, its schemas, its pages, and four texts', () => {
    const unexpected = files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^(dist\/.*\.(js|cjs|d\.ts)|dist\/THIRD-PARTY-LICENSES\.txt|docs\/([\w-]+\.md|sample\.svg|examples\/[\w-]+\.ts)|schemas\/.*\.json|bin\/(tune|processFacts)\.js|bin\/package\.json|bin\/api\.(mjs|d\.mts))$/.test(
            path,
          ),
      )
      .filter((path) => !/^src\/(local\/runtime\/bootstraps\/[\w.]+|reporters\/page\/\w+\.(css|js))$/.test(path));
    expect(unexpected.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  it('has nothing that is made for tests', () => {
    const inRoom = (room: string) => files.filter(({ path }) => path.startsWith(`dist/local/${room}/`)).length;
    expect([inRoom('testing'), inRoom('service') > 0]).toEqual([0, true]);
  });

  it('keeps the command executable', () => {
    const mode = files.find(({ path }) => path === 'bin/tune.js')?.mode ?? 0;
    expect(mode & 0o111).not.toBe(0);
  });

  it('runs nothing when it is installed from the registry', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});

describe('production dependencies', () => {
  it('run nothing when they are installed', () => {
    expect(production().filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  it('are pinned by their hash', () => {
    expect(production().filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('have licences that go with MIT', () => {
    // MPL-2.0 asks for the sources of files that were changed, and none is: HashiCorp's parser comes as it is.
    const allowed = new Set([
      'MIT',
      'ISC',
      '0BSD',
      'Apache-2.0',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'MPL-2.0',
      'BlueOak-1.0.0',
    ]);
    const others = production().flatMap(([place]) => {
      const { license } = z
        .object({ license: z.string().optional() })
        .parse(JSON.parse(readFileSync(`${root}${place}/package.json`, 'utf8')));
      return license !== undefined && allowed.has(license) ? [] : [`${place}: ${license ?? 'none named'}`];
    });
    expect(others).toEqual([]);
  });

  it('run on every promised Node', () => {
    const tooNew = production().flatMap(([place]) => {
      const { engines } = z
        .object({ engines: z.object({ node: z.string().optional() }).optional() })
        .parse(JSON.parse(readFileSync(`${root}${place}/package.json`, 'utf8')));
      const least = /^>=\s*(\d+)/.exec(engines?.node ?? '')?.[1];
      return least !== undefined && Number(least) > 20 ? [`${place}: ${engines?.node ?? ''}`] : [];
    });
    expect(tooNew).toEqual([]);
  });
});
