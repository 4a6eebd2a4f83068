import { describe, expect, it } from 'vitest';
import { foresee, foreseenTexts } from '../../../src/commands/fleet/foreseen.ts';
import { type FleetRequest, optionsOf } from '../../../src/commands/fleet/functionOptions.ts';
import type { ChosenFunction } from '../../../src/model/fleet/shard.ts';

function chosen(functionName: string, more: Partial<ChosenFunction> = {}): ChosenFunction {
  const region = more.region ?? 'eu-west-1';
  return {
    functionName,
    functionArn: `arn:aws:lambda:${region}:123456789012:function:${functionName}`,
    region,
    accountId: '123456789012',
    setting: { memoryMb: 512, architecture: 'arm64' },
    monthlyUsd: 10,
    invocationsPerMonth: 1e6,
    ...more,
  };
}

const request = (written: FleetRequest['written'], more: Partial<FleetRequest> = {}): FleetRequest => ({
  written,
  given: {},
  eventSources: new Map(),
  ...more,
});

describe('what is asked of one function of a fleet', () => {
  it('is its entry over the other keys of the file and under the flags', () => {
    const asked = request(
      { maxP95Ms: 400, memory: '512,1024', functions: [{ function: 'orders', maxP95Ms: 600, payload: '{}' }] },
      { given: { memory: '256' } },
    );
    expect(optionsOf(chosen('orders'), asked).options).toMatchObject({ maxP95Ms: 600, memory: '256', payload: '{}' });
    expect(optionsOf(chosen('mail'), asked).options).toMatchObject({ maxP95Ms: 400, memory: '256' });
  });

  it('is of the entry of its own region, and of the qualifier that this names', () => {
    const asked = request({
      functions: [
        { function: 'orders:live', region: 'us-east-1', maxP95Ms: 600 },
        { function: 'orders', maxP95Ms: 300 },
      ],
    });
    const there = optionsOf(chosen('orders', { region: 'us-east-1' }), asked).options;
    expect([there.function, there.maxP95Ms]).toEqual([
      'arn:aws:lambda:us-east-1:123456789012:function:orders:live',
      600,
    ]);
    expect(optionsOf(chosen('orders'), asked).options.maxP95Ms).toBe(300);
  });

  it('never has the cap of the whole fleet, nor a payload that nobody gave', () => {
    const one = optionsOf(chosen('orders'), request({ maxSpendUsd: 5 }, { given: { maxSpendUsd: 3 } }));
    expect(one.given.maxSpendUsd).toBeUndefined();
    expect(one.hasPayload).toBe(false);
    expect(one.whyNone).toBe(
      'nothing says what to send it: give it a payload in the config file, or save a shareable test event',
    );
  });

  it('is a sample of what calls it where the file asks for that, and says why there is none', () => {
    const arn = chosen('orders').functionArn;
    const called = (service: string) =>
      optionsOf(chosen('orders'), request({ payload: 'sample:source' }, { eventSources: new Map([[arn, [service]]]) }));
    expect([called('sqs').options.payload, called('sqs').hasPayload]).toEqual(['sample:sqs', true]);
    expect(called('cognito').hasPayload).toBe(false);
    expect(called('cognito').whyNone).toContain('events of cognito, of which there is no sample');
    expect(optionsOf(chosen('orders'), request({ payload: 'sample:source' })).whyNone).toContain(
      'no event source calls it',
    );
  });

  it('offers the sample where nobody asked for one', () => {
    const eventSources = new Map([[chosen('orders').functionArn, ['sqs']]]);
    expect(optionsOf(chosen('orders'), request({}, { eventSources })).whyNone).toContain(
      '"payload": "sample:source" sends one',
    );
  });

  it('is read with the profile and the role that it was ranked with, unless a flag says otherwise', () => {
    const ranked = chosen('orders', { profile: 'ranked', role: 'arn:aws:iam::123456789012:role/ranked' });
    const written = { profile: 'written' };
    expect(optionsOf(ranked, request(written)).options.profile).toBe('ranked');
    expect(optionsOf(ranked, request(written, { given: { profile: 'flag' } })).options.profile).toBe('flag');
    expect(optionsOf(chosen('orders'), request(written)).options.profile).toBe('written');
  });
});

describe('what is foreseen of a fleet', () => {
  it('is who gets no payload, and whose size of today is not among those that are asked for', () => {
    const todo = [chosen('orders'), chosen('mail', { setting: { memoryMb: 3008, architecture: 'arm64' } })];
    const asked = request({ memory: '512,1024', functions: [{ function: 'orders', payload: '{}' }] });
    const { withoutPayload, withoutToday } = foresee(todo, asked);
    expect([...withoutPayload]).toEqual([todo[1]?.functionArn]);
    expect(withoutToday.map(({ functionName }) => functionName)).toEqual(['mail']);
    expect(foreseenTexts({ withoutPayload, withoutToday })).toEqual([
      '1 function without a payload in the config file: shareable test events are sent, and what has none is listed, not invoked.',
      expect.stringContaining('leave out what 1 function has today (mail 3,008 MB)'),
    ]);
  });

  it('is nothing where sizes are raced, and where every function has what it needs', () => {
    const todo = [chosen('orders', { setting: { memoryMb: 3008, architecture: 'arm64' } })];
    const raced = foresee(todo, request({ memory: 'auto', payload: '{}' }));
    expect(foreseenTexts(raced)).toEqual([]);
  });
});
