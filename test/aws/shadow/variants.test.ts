import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../../src/model/configuration.ts';
import { currentOne, type Overlay, type Variant } from '../../../src/model/variant.ts';
import { packageOf } from '../../local/lab.ts';
import { never, sized, startWorld, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

const node24: Variant = { name: 'nodejs24.x', changes: { runtime: 'nodejs24.x' } };

async function copiesWith(overlayOf: (configuration: Configuration) => Overlay, variants: readonly Variant[]) {
  world = await startWorld({ shadow: { overlayOf, overlaidValues: ['s3cret-value'] } });
  const deployed = await Promise.all(
    variants.map((variant) => world.platform.deploy({ ...sized(256), variant }, never)),
  );
  return Promise.all(
    deployed.map(({ functionName }) =>
      world.lab.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
    ),
  );
}

it('makes a copy of its own for each variant of one size, with what the variant changes', async () => {
  const [current, other] = await copiesWith(
    ({ variant }) =>
      variant?.name === 'nodejs24.x'
        ? { runtime: 'nodejs24.x', environment: { MODE: 's3cret-value' }, logLevel: 'WARN' }
        : {},
    [currentOne, node24],
  );
  expect(current?.FunctionName).toBe('tune-k3x9-x86_64-1-orders');
  expect(other?.FunctionName).toBe('tune-k3x9-x86_64-2-orders');
  expect(other).toMatchObject({
    Runtime: 'nodejs24.x',
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' },
  });
  expect(current?.Runtime).not.toBe('nodejs24.x');
  expect(other?.Environment?.Variables).toEqual({ ...current?.Environment?.Variables, MODE: 's3cret-value' });
});

it('sends another build only to the copies that it is for', async () => {
  const code = await packageOf(0.1);
  const [current, other] = await copiesWith(
    ({ variant }) => (variant?.name === 'nodejs24.x' ? { code } : {}),
    [currentOne, node24],
  );
  expect(other?.CodeSize).toBe(code.length);
  expect(current?.CodeSize).not.toBe(code.length);
});

it('never shows a value that a variant brings', async () => {
  await copiesWith(() => ({ environment: { MODE: 's3cret-value' } }), [currentOne]);
  expect(world.platform.redacted('it said s3cret-value', '{}')).not.toContain('s3cret-value');
});
