import { writeFileSync } from 'node:fs';
import { PublishVersionCommand, CreateAliasCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { startLab, settled } from './local/lab.ts';
import { startAdvisers } from './observe/advisers.ts';
import { trueBill } from '../bench/observe/production.ts';
const day = 86_400_000;
const to = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const lab = await startLab({ testing: { ...settled, unmarked: true } });
await lab.create({ MemorySize: 512, Timeout: 30 });
await lab.lambda.send(new PublishVersionCommand({ FunctionName: 'orders' }));
await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', MemorySize: 1024 }));
await lab.lambda.send(new PublishVersionCommand({ FunctionName: 'orders' }));
await lab.lambda.send(new CreateAliasCommand({ FunctionName: 'orders', Name: 'live', FunctionVersion: '2' }));
const production = { seed: 7, range: { fromMs: to - 30 * day, toMs: to }, callsPerDay: 33_000, meanMs: 120, coldShare: 0.01, dayNoise: 0.01, errorShare: 0.002, timedOutShare: 0.0005, outOfMemoryShare: 0.0003,
  eras: [{ fromMs: to - 7 * day, version: '2', memoryMb: 1024, factor: 0.7, share: 0.1 }, { fromMs: to - 6 * day, version: '2', memoryMb: 1024, factor: 0.7 }] };
lab.endpoint.setPast({ alias: 'live', functions: [{ functionName: 'orders', production }] });
const traces = Array.from({ length: 20 }, (_, index) => {
  const [start_time, durationS] = [1000, (100 + index) / 1000]; const end_time = start_time + durationS;
  const call = { name: 'DynamoDB', namespace: 'aws', start_time, end_time: start_time + 0.78 * durationS };
  return { name: 'orders', origin: 'AWS::Lambda::Function', start_time: 990, end_time, subsegments: [{ name: 'Initialization', start_time: 990, end_time: 1000, subsegments: [] }, { name: 'Invocation', start_time, end_time, subsegments: [call, call] }] };
});
const adv = await startAdvisers({ traces, recommendation: { finding: 'NotOptimized', findingReasonCodes: ['MemoryOverprovisioned'], memorySizeRecommendationOptions: [{ memorySize: 512, savingsOpportunity: { estimatedMonthlySavings: { value: 0.6 } } }] } });
writeFileSync('/tmp/obsenv', `export AWS_ENDPOINT_URL=${lab.endpoint.url} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=y AWS_ENDPOINT_URL_XRAY=${adv.url} AWS_ENDPOINT_URL_COMPUTE_OPTIMIZER=${adv.url} TUNE_STATE_DIR=/tmp/obsstate\n`);
console.log(lab.endpoint.url, 'true month', (trueBill(production).usd / 30) * 30.4, trueBill(production));
