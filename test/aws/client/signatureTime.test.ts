import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../../src/aws/client/client.ts';
import { isSignatureTime } from '../../../src/aws/client/signatureTime.ts';
import type { CallInfo } from '../../../src/local/testing/testing.ts';
import { fastClock, never, sized, startWorld, type World } from '../world.ts';

const hourMs = 3_600_000;
let world: World | undefined;
/** The service's time, whatever this machine's clock is set to. */
const serviceNow = () => performance.timeOrigin + performance.now();
const setClock = (offMs: number) => vi.useFakeTimers({ toFake: ['Date'], now: serviceNow() + offMs });
/** The clock is set after the target was described. */
async function startAt(offMs: number): Promise<World> {
  world = await startWorld({ lab: { clock: { now: serviceNow } } });
  setClock(offMs);
  return world;
}
afterEach(async () => {
  vi.useRealTimers();
  await world?.close();
  world = undefined;
});

describe('a service whose clock this machine disagrees with', () => {
  it.each([
    ['ahead of', hourMs],
    ['behind', -hourMs],
  ])('refuses an Invoke signed an hour %s it, which did not run, and takes the next one', async (_, offsetMs) => {
    const { platform } = await startAt(0);
    const deployment = await platform.deploy(sized(128), never);
    setClock(offsetMs);
    expect(await platform.invoke(deployment, '{}', never)).toMatchObject({
      kind: 'notReady',
      reason: expect.stringMatching(
        /^AWS refuses the time of this machine: InvalidSignatureException: Signature (expired|not yet current)/,
      ),
    });
    expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
    expect(await platform.remove()).toEqual([]);
  });

  it('was asked before: the measuring client sends its first Invoke with the time that the control client learnt', async () => {
    const { platform, calls } = await startAt(2 * hourMs);
    const deployment = await platform.deploy(sized(128), never);
    expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
    expect(calls('Invoke').map(({ status }) => status)).toEqual([200]);
    await platform.remove();
  });

  it('is followed back, too: a clock that was wrong and is set right costs one refusal', async () => {
    const world = await startAt(-2 * hourMs);
    await world.clients.lambda.send(new ListFunctionsCommand({}));
    setClock(0);
    await world.clients.lambda.send(new ListFunctionsCommand({}));
    expect(world.calls('ListFunctions').map(({ status }) => status)).toEqual([403, 200, 403, 200]);
  });

  it('does not have other refusals repeated because of it', async () => {
    const world = await startAt(2 * hourMs);
    await world.clients.lambda.send(new ListFunctionsCommand({}));
    world.lab.endpoint.setTesting({ forTestsOnly: true, deny: [{ action: 'lambda:ListFunctions', resource: '*' }] });
    await expect(world.clients.lambda.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(world.calls('ListFunctions')).toHaveLength(1);
  });

  it('that never tells its time is named as the cause, not the credentials', async () => {
    world = await startWorld();
    const { platform, lab } = world;
    lab.endpoint.setTesting({
      forTestsOnly: true,
      faults: ({ operation }: CallInfo) =>
        operation === 'CreateLogGroup'
          ? {
              kind: 'status',
              status: 400,
              type: 'InvalidSignatureException',
              message: 'Signature expired: 20261123T100000Z is now earlier than …',
            }
          : undefined,
    });
    const failure = await platform.deploy(sized(128), never).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'CREDENTIALS',
      message: expect.stringMatching(
        /^AWS refuses the time of this machine \(InvalidSignatureException: Signature expired/,
      ),
      hint: expect.stringMatching(/^Set its clock/),
    });
    await platform.remove();
  });

  it('is one clock for all clients', async () => {
    const clients = await createClients(
      {
        region: 'us-east-1',
        endpointUrl: 'http://127.0.0.1:9',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      },
      fastClock,
    );
    const measuring = clients.measuring({ maxInFlight: 1, functionTimeoutS: 3 });
    clients.lambda.config.systemClockOffset = 1000;
    expect(
      [measuring, clients.logs, await clients.s3(), await clients.sts()].map((each) => each.config.systemClockOffset),
    ).toEqual([1000, 1000, 1000, 1000]);
    measuring.config.systemClockOffset = 2000;
    expect(clients.lambda.config.systemClockOffset).toBe(2000);
    clients.destroy();
  });
});

it('tells a wrong time from a wrong key', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });
  expect(isSignatureTime(named('InvalidSignatureException', 'Signature not yet current: …'))).toBe(true);
  expect(isSignatureTime(named('SignatureDoesNotMatch', 'Signature expired: …'))).toBe(true);
  expect(isSignatureTime(named('RequestTimeTooSkewed', 'The difference between …'))).toBe(true);
  expect(isSignatureTime(named('RequestExpired', ''))).toBe(true);
  expect(
    isSignatureTime(named('InvalidSignatureException', 'The request signature we calculated does not match')),
  ).toBe(false);
  expect(isSignatureTime(named('ExpiredTokenException', 'The security token included in the request is expired'))).toBe(
    false,
  );
});
