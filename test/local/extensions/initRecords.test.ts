import { describe, expect, it } from 'vitest';
import { type InitRecord, initText } from '../../../src/local/extensions/initRecords.ts';

const at = new Date('2026-11-29T00:00:00Z');
const subscription: InitRecord = {
  kind: 'subscription',
  api: 'telemetry',
  name: 'datadog-agent',
  types: ['platform', 'function', 'extension'],
};
const ready: InitRecord = {
  ...{ kind: 'extension', name: 'datadog-agent', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] },
  errorType: undefined,
};
const failed: InitRecord = {
  ...{ kind: 'report', phase: 'init', status: 'error', errorType: 'Runtime.InvalidEntrypoint', durationMs: 5.36 },
};
const timedOut: InitRecord = {
  ...{ kind: 'report', phase: 'invoke', status: 'timeout', errorType: undefined, durationMs: 10_009.126 },
};

describe('what the service logs of an init', () => {
  const lines: readonly [InitRecord, string][] = [
    [subscription, 'TELEMETRY\tName: datadog-agent\tState: Subscribed\tTypes: [Platform, Function, Extension]\n'],
    [{ ...subscription, api: 'logs' }, expect.stringMatching(/^LOGS\tName: /)],
    [ready, 'EXTENSION\tName: datadog-agent\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n'],
    [{ ...ready, events: [] }, expect.stringMatching(/Events: \[\]\n$/)],
    [
      { ...ready, state: 'InitError', errorType: 'Extension.NoKey' },
      expect.stringMatching(/\tState: InitError\tEvents: \[INVOKE, SHUTDOWN\]\tError Type: Extension.NoKey\n$/),
    ],
    [failed, 'INIT_REPORT Init Duration: 5.36 ms\tPhase: init\tStatus: error\tError Type: Runtime.InvalidEntrypoint\n'],
    [timedOut, 'INIT_REPORT Init Duration: 10009.13 ms\tPhase: invoke\tStatus: timeout\n'],
  ];
  it.each(lines)('is a line as in real logs: %j', (record, line) => {
    expect(initText([record], { format: 'Text', systemLevel: undefined }, at)).toEqual(line);
  });

  it('is a record of JSON logs, at WARN of what failed alone', () => {
    const written = (systemLevel: string) =>
      initText([subscription, ready, failed], { format: 'JSON', systemLevel }, at)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(written('INFO').map(({ type }) => type)).toEqual([
      'platform.telemetrySubscription',
      'platform.extension',
      'platform.initReport',
    ]);
    expect(written('WARN')).toEqual([
      {
        time: '2026-11-29T00:00:00.000Z',
        type: 'platform.initReport',
        record: {
          initializationType: 'on-demand',
          phase: 'init',
          status: 'error',
          errorType: 'Runtime.InvalidEntrypoint',
          metrics: { durationMs: 5.36 },
        },
      },
    ]);
  });
});
