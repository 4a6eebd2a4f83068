import { describe, expect, it } from 'vitest';
import { handlerFileMissing, noStart, notAPackage } from '../../../src/local/packages/packageStart.ts';

const files = (...names: readonly string[]) => names.map((name) => ({ name, executable: false }));
const said = (error: (Error & { hint?: string }) | undefined) => error && `${error.message} ${error.hint}`;

describe('a package in which no start is found', () => {
  it.each([
    [
      'all in one folder',
      files('my-app/index.mjs', 'my-app/lib/a.js'),
      /lies in the folder my-app\/.*--handler my-app\/index\.handler/,
    ],
    [
      'a bootstrap without the run bit',
      files('bootstrap', 'readme'),
      /bootstrap of p is there but may not be executed.*chmod \+x/,
    ],
    ['only TypeScript', files('index.ts', 'package.json'), /holds TypeScript \(index\.ts\).*esbuild index\.ts/],
    [
      'a project with a template',
      files('serverless.ts', 'template.yaml', 'src/index.ts'),
      /is no function: it holds a template \(template\.yaml\).*p\/template\.yaml#OrdersFunction.*tune local p\/template\.yaml/,
    ],
    [
      'what cdk synth writes',
      files('manifest.json', 'Shop.template.json'),
      /holds a template \(Shop\.template\.json\)/,
    ],
    ['only type declarations', files('index.d.ts'), /No handler was recognised/],
    ['nothing known', files('main.rb'), /No handler was recognised.*--runtime and --handler/],
  ])('%s', (_, packed, words) => {
    expect(said(noStart(packed, 'p'))).toMatch(words);
  });
});

describe('one file instead of a folder', () => {
  it.each([
    ['src/index.ts', /is TypeScript.*esbuild index\.ts --bundle.*--outfile=dist\/index\.mjs/],
    ['src/app.mjs', /is one source file.*--handler app\.handler/],
    ['fn.py', /is one source file.*--handler fn\.lambda_handler/],
  ])('%s', (path, words) => {
    expect(said(notAPackage(path))).toMatch(words);
  });

  it('may be a package for all its name tells', () => {
    expect(notAPackage('package.bin')).toBeUndefined();
  });
});

describe('a handler that was given', () => {
  const missing = (runtime: string, handler: string, ...names: readonly string[]) =>
    said(handlerFileMissing(files(...names), { runtime, handler }, 'p'));

  it.each([
    ['nodejs22.x', 'app.handler', 'index.mjs', /has no app\.mjs, \.js or \.cjs\. At its top level are: index\.mjs/],
    ['python3.12', 'src.app.handler', 'app.py', /has no src\/app\.py\. At its top level are: app\.py/],
    ['python3.12', 'index.handler', 'index-old.mjs', /has no index\.py/],
    ['nodejs22.x', 'index.handler', 'in/index.mjs', /lies in the folder in\//],
  ])('%s %s is not in %s', (runtime, handler, name, words) => {
    expect(missing(runtime, handler, name)).toMatch(words);
  });

  it.each([
    ['nodejs22.x', 'index.handler', 'index.mjs'],
    ['nodejs22.x', 'src/index.a.b', 'src/index.js'],
    ['nodejs22.x', 'index.handler', 'index/package.json'],
    ['python3.12', 'src.app.handler', 'src/app.py'],
    ['python3.12', 'src/app.handler', 'src/app.cpython-312-x86_64-linux-gnu.so'],
    ['provided.al2023', 'anything.at.all', 'bootstrap'],
    ['java21', 'example.Handler::handleRequest', 'example/Handler.class'],
    // Refused by the runtime in its own words.
    ['nodejs22.x', 'nodot', 'index.mjs'],
  ])('%s %s may be in %s', (runtime, handler, name) => {
    expect(missing(runtime, handler, name)).toBeUndefined();
  });
});
