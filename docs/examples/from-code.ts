import { check, costModelFor, invocationCostUsd, measure, migrate, parseReportLine, TuneError } from 'lambda-tune';

// What one call has cost, from its REPORT line.
const log =
  'REPORT RequestId: 1-2-3\tDuration: 41.70 ms\tBilled Duration: 42 ms\tMemory Size: 512 MB\tMax Memory Used: 70 MB';
const report = parseReportLine(log, '1-2-3');
const billedDurationMs = report?.billedDurationMs ?? 0;
const usd = invocationCostUsd({ architecture: 'arm64', memoryMb: 512, billedDurationMs }, costModelFor('us-east-1'));
process.stdout.write(`${usd.toPrecision(4)} US$\n`);

// A whole run, with its answer.
const stop = new AbortController();
const run = await measure(
  { function: './fn', memory: '512,1024', invocations: 10, maxSpendUsd: 0.5 },
  {
    signal: stop.signal,
    onEvent(event) {
      if (event.kind === 'planned') process.stdout.write(`about ${event.calls} calls\n`);
    },
  },
);
process.stdout.write(`${run.ended}: ${run.answer.kind}, ${run.configurations.length} rows\n`);

// The gate, against other code. A verdict is no error.
const gate = await check({
  function: './fn',
  against: './fn',
  memory: [512],
  maxInvocations: 12,
  maxCostIncrease: '50%',
});
process.stdout.write(`${gate.verdict}: ${gate.functions.map(({ samples }) => samples.current > 0).join()}\n`);

const { preflight, verdict } = await migrate({ function: './fn', preflightOnly: true });
process.stdout.write(`${preflight.verdict}: ${verdict.kind}\n`);

try {
  // @ts-expect-error: a key that is misspelt is found by the compiler, and by the program.
  await measure({ function: './fn', memroy: 512 });
} catch (error) {
  if (!(error instanceof TuneError)) throw error;
  process.stdout.write(`${error.code}: ${error.message} ${error.hint}\n`);
}
