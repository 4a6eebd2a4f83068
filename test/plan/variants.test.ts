import { describe, expect, it } from 'vitest';
import { type Settings, variantsOf } from '../../src/plan/variants.ts';
import { parseVariantsFile } from '../../src/plan/variantsFile.ts';
import { parseVariation } from '../../src/plan/variation.ts';

const insights = 'arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38';
const shared = 'arn:aws:lambda:eu-central-1:123456789012:layer:shared:4';

const today: Settings = {
  runtime: 'nodejs20.x',
  snapStart: false,
  layers: [shared],
  environment: { MODE: 'full', DB_PASSWORD: 'hunter2' },
};

const varied = (...texts: readonly string[]) => variantsOf(texts.map(parseVariation), today);
const names = (...texts: readonly string[]) => varied(...texts).map(({ variant }) => variant.name);

describe('variants', () => {
  it('are what the function has today, and each value listed', () => {
    expect(varied('runtime=nodejs22.x,nodejs24.x')).toEqual([
      { variant: { name: 'current', changes: {} }, overlay: {} },
      { variant: { name: 'nodejs22.x', changes: { runtime: 'nodejs22.x' } }, overlay: { runtime: 'nodejs22.x' } },
      { variant: { name: 'nodejs24.x', changes: { runtime: 'nodejs24.x' } }, overlay: { runtime: 'nodejs24.x' } },
    ]);
  });

  it.each([
    ['a runtime', 'runtime=nodejs20.x,nodejs24.x', ['current', 'nodejs24.x']],
    ['SnapStart', 'snapstart=on,off', ['current', 'SnapStart on']],
    ['a layer that is there', 'layer:shared=with,without', ['current', 'without shared']],
    ['a layer by its ARN', `layer:${insights}=with,without`, ['current', 'with LambdaInsightsExtension:38']],
    ['all layers', `layers=${shared}|`, ['current', 'no layers']],
    ['a variable', 'env:MODE=full,lean', ['current', 'MODE=lean']],
    ['a variable that is not set', 'env:CACHE=on,off', ['current', 'CACHE=on', 'CACHE=off']],
    ['a log level', 'log-level=WARN', ['current', 'log level WARN']],
  ])('that equal today are `current`, and make no second row: %s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('are the product of everything that is varied', () => {
    expect(names('runtime=nodejs24.x', 'env:MODE=lean,slim')).toEqual([
      'current',
      'MODE=lean',
      'MODE=slim',
      'nodejs24.x',
      'nodejs24.x, MODE=lean',
      'nodejs24.x, MODE=slim',
    ]);
  });

  it('change one thing twice where two options say so, and are one where they come out the same', () => {
    expect(names('env:MODE=lean', 'env:MODE=lean')).toEqual(['current', 'MODE=lean']);
  });

  it('hide in what is saved and shown what may be a secret, and tell its values apart by number', () => {
    const [, one, other] = varied('env:DB_PASSWORD=correct-horse,battery-staple');
    expect(one).toEqual({
      variant: { name: 'DB_PASSWORD=… (1)', changes: { environment: { DB_PASSWORD: null } } },
      overlay: { environment: { DB_PASSWORD: 'correct-horse' } },
    });
    expect(other?.variant.name).toBe('DB_PASSWORD=… (2)');
    expect(JSON.stringify([one?.variant, other?.variant])).not.toMatch(/horse|staple/);
  });

  it.each(['https://user:pw@host/', 'AKIAIOSFODNN7EXAMPLEAKIAIOSF', 'x'.repeat(80)])(
    'hide a value that looks like no setting: %s',
    (value) => {
      expect(JSON.stringify(varied(`env:MODE=${value}`).map(({ variant }) => variant))).not.toContain(value);
    },
  );

  it('have names that can be shown anywhere, and never the same one twice', () => {
    expect(names('env:MODE=<b>,|b|')).toEqual(['current', 'MODE=…b…', 'MODE=…b… (2)']);
  });

  it('that add a layer need to know its version', () => {
    expect(() => varied('layer:insights=with')).toThrow('The function has no layer insights');
  });

  it('never have more layers than Lambda takes', () => {
    const six = Array.from({ length: 6 }, (_, index) => `${insights.slice(0, -2)}${index + 1}`).join(',');
    expect(() => varied(`layers=${six}`)).toThrow('6 layers are more than the 5 that Lambda takes');
  });

  it('name the package that they bring, which is read later', () => {
    expect(varied('code=./lean')[1]).toEqual({
      variant: { name: './lean', changes: { code: './lean' } },
      overlay: {},
      codePath: './lean',
    });
  });
});

describe('a file of variants', () => {
  it('gives each its name and all its changes at once', () => {
    const text = JSON.stringify({
      variants: [
        { name: 'node 24, lean', runtime: 'nodejs24.x', environment: { MODE: 'lean' } },
        { name: 'as it is', runtime: 'nodejs20.x' },
        { name: 'snap', snapStart: 'on', layers: [], logLevel: 'WARN', code: './lean' },
      ],
    });
    expect(variantsOf([parseVariantsFile(text, 'variants.json')], today).map(({ variant }) => variant)).toEqual([
      { name: 'current', changes: {} },
      { name: 'node 24, lean', changes: { runtime: 'nodejs24.x', environment: { MODE: 'lean' } } },
      { name: 'snap', changes: { snapStart: 'on', layers: [], logLevel: 'WARN', code: './lean' } },
    ]);
  });

  it.each([
    ['{', 'variants.json is not JSON'],
    ['{"variants": []}', 'variants.json: variants'],
    ['{"variants": [{"name": "a", "memory": 512}]}', 'variants.json: variants.0'],
    ['{"variants": [{"name": "<b>"}]}', 'must be made of letters'],
    ['{"variants": [{"name": "current"}]}', 'the name "current" is taken'],
    ['{"variants": [{"name": "a"}, {"name": "a"}]}', 'the name "a" is taken'],
    ['{"variants": [{"name": "a", "environment": {"AWS_REGION": "x"}}]}', '"a": AWS_REGION is set by Lambda itself'],
  ])('is refused: %s', (text, message) => {
    expect(() => parseVariantsFile(text, 'variants.json')).toThrow(message);
  });
});
