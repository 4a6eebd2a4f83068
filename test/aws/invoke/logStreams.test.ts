import { expect, it } from 'vitest';
import { logStreamsByRequest } from '../../../src/aws/shadow/logStreams.ts';

const a = '5009fcc8-5032-41fd-9a62-fc133fe04d67';
const b = '316dc9b3-9913-4d30-8bde-a272131a7a63';
const report = (id: string) =>
  `REPORT RequestId: ${id}\tDuration: 2.37 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 95 MB\t\n`;

it('maps text and JSON reports to their log streams', () => {
  const events = [
    { message: report(a), logStreamName: 'one' },
    {
      message: `{"time":"t","type":"platform.report","record":{"requestId":"${b}","metrics":{}}}`,
      logStreamName: 'two',
    },
    { message: `user output without newlineREPORT RequestId: c1c1c1c1\tDuration: 1 ms`, logStreamName: 'three' },
  ];
  expect([...logStreamsByRequest(events)]).toEqual([
    [a, 'one'],
    [b, 'two'],
    ['c1c1c1c1', 'three'],
  ]);
});

it('leaves out a request that a second stream claims, too', () => {
  const events = [
    { message: report(a), logStreamName: 'one' },
    { message: report(a), logStreamName: 'two' },
    { message: report(b), logStreamName: 'two' },
  ];
  expect([...logStreamsByRequest(events)]).toEqual([[b, 'two']]);
});
