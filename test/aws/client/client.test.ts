import { expect, it } from 'vitest';
import { createClients, patienceMs } from '../../../src/aws/client/client.ts';
import { settled, startLab } from '../../local/lab.ts';
import { fastClock } from '../world.ts';

it('waits for a call on AWS beyond the timeout of the function', () => {
  expect(patienceMs(3, 1)).toBe(33_000);
  expect(patienceMs(900, 1)).toBe(930_000);
});

it('waits for a call on the embedded endpoint until all that came before it may have run', () => {
  expect(patienceMs(30, 4)).toBe(240_000);
});

it.each([
  ['AWS', true, 33_000],
  ['the embedded endpoint', false, 264_000],
])('gives a socket of %s that much time', async (_, unmarked, expectedMs) => {
  const lab = await startLab({ testing: { ...settled, unmarked } });
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const clients = await createClients({ region: 'us-east-1', endpointUrl: lab.endpoint.url, credentials }, fastClock);
  try {
    const { ListFunctionsCommand } = await import('@aws-sdk/client-lambda');
    await clients.lambda.send(new ListFunctionsCommand({}));
    const client = clients.measuring({ maxInFlight: 8, functionTimeoutS: 3 });
    const { requestHandler } = client.config;
    // The handler resolves its settings with the first call.
    await client.send(new ListFunctionsCommand({}));
    expect('httpHandlerConfigs' in requestHandler).toBe(true);
    if (!('httpHandlerConfigs' in requestHandler) || typeof requestHandler.httpHandlerConfigs !== 'function') return;
    expect(requestHandler.httpHandlerConfigs()).toMatchObject({ socketTimeout: expectedMs });
  } finally {
    clients.destroy();
    await lab.close();
  }
});

it.each([
  // 12 calls: 10 at once, then five a second.
  ['most calls', 'ListFunctions', 12, [200, 400]],
  // 42 calls: 40 at once, then twenty a second.
  ['GetFunction, which has a quota of its own', 'GetFunction', 42, [50, 100]],
])('sends no faster than its share of the quota: %s', async (_, operation, calls, expectedWaits) => {
  const lab = await startLab({ testing: settled });
  await lab.create();
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const waits: number[] = [];
  const clock = {
    ...fastClock,
    monotonicMs: () => 0,
    sleep: async (ms: number) => void waits.push(ms),
  };
  const clients = await createClients({ region: 'us-east-1', endpointUrl: lab.endpoint.url, credentials }, clock);
  try {
    const { GetFunctionCommand, ListFunctionsCommand } = await import('@aws-sdk/client-lambda');
    const send = () =>
      operation === 'GetFunction'
        ? clients.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }))
        : clients.lambda.send(new ListFunctionsCommand({}));
    for (let call = 0; call < calls; call += 1) await send();
    expect(waits).toEqual(expectedWaits);
    // Neither waits for the other's turn.
    waits.length = 0;
    if (operation === 'GetFunction') await clients.lambda.send(new ListFunctionsCommand({}));
    else await clients.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }));
    expect(waits).toEqual([]);
  } finally {
    clients.destroy();
    await lab.close();
  }
});
