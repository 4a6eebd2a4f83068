import { describe, expect, it } from 'vitest';
import type { FunctionFacts } from '../../src/model/functionFacts.ts';
import type { Payload } from '../../src/model/payload.ts';
import { pickReference } from '../../src/plan/configurations.ts';
import { planRun } from '../../src/plan/plan.ts';
import type { PlanRequest } from '../../src/plan/request.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';

const facts: FunctionFacts = {
  functionName: 'orders',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
  accountId: '123456789012',
  region: 'us-east-1',
  qualifier: '$LATEST',
  version: '$LATEST',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  packageType: 'Zip',
  codeSha256: 'x',
  codeSizeBytes: 1000,
  memoryMb: 512,
  timeoutS: 3,
  architecture: 'x86_64',
  ephemeralStorageMb: 512,
  snapStart: false,
  memoryLimitMb: 10_240,
  unreservedConcurrency: 1000,
  notices: [],
};
const payload: Payload = { name: 'payload', body: '{}', weight: 1 };
const request: PlanRequest = {
  memoryMb: [128, 512, 1024],
  architectures: ['x86_64', 'arm64'],
  invocations: 20,
  concurrency: 2,
  payloads: [payload],
};
const costModel = costModelFor('us-east-1');

function plan(changes: Partial<PlanRequest> = {}, changedFacts: Partial<FunctionFacts> = {}) {
  return planRun({ ...request, ...changes }, { ...facts, ...changedFacts }, costModel);
}

const short = (configurations: readonly { memoryMb: number; architecture: string }[]) =>
  configurations.map(({ memoryMb, architecture }) => `${memoryMb} ${architecture}`);

describe('planRun', () => {
  it('measures every size on every architecture, interleaved, the reference first', () => {
    const { configurations, reference, projected, warnings, environmentsPerConfiguration, warmInvocations } = plan();
    expect(short(configurations)).toEqual([
      '512 x86_64',
      '128 x86_64',
      '128 arm64',
      '512 arm64',
      '1024 x86_64',
      '1024 arm64',
    ]);
    expect(reference).toEqual({ memoryMb: 512, architecture: 'x86_64' });
    expect(projected).toEqual([]);
    expect(warnings).toEqual([]);
    expect({ environmentsPerConfiguration, warmInvocations }).toEqual({
      environmentsPerConfiguration: 2,
      warmInvocations: 20,
    });
  });

  it('measures a size or an architecture given twice once', () => {
    expect(short(plan({ memoryMb: [512, 512], architectures: ['arm64', 'arm64'] }).configurations)).toEqual([
      '512 arm64',
    ]);
  });

  it('drops sizes above the limit of the account and says so', () => {
    const limited = plan({ memoryMb: [1024, 3008, 3009, 10_240] }, { memoryLimitMb: 3008 });
    expect(short(limited.configurations)).not.toContain('3009 x86_64');
    expect(limited.configurations).toHaveLength(4);
    expect(limited.warnings).toEqual([
      { code: 'memoryLimit', text: 'This account allows functions of at most 3,008 MB; left out: 3,009, 10,240 MB.' },
    ]);
    expect(() => plan({ memoryMb: [4096] }, { memoryLimitMb: 3008 })).toThrowError(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('at most 3,008 MB') }),
    );
  });

  it('leaves out the architecture that an image is not built for, unless one is named', () => {
    const own = plan({ memoryMb: [512] }, { packageType: 'Image' });
    expect(short(own.configurations)).toEqual(['512 x86_64']);
    expect(own.warnings.map(({ code }) => code)).toEqual(['noImage']);
    expect(own.warnings[0]?.text).toContain('--arm64-image');
    const both = plan({ memoryMb: [512], otherCode: { arm64: true } }, { packageType: 'Image' });
    expect(short(both.configurations)).toEqual(['512 x86_64', '512 arm64']);
  });

  it('projects the architecture that the endpoint cannot run, and never calls it', () => {
    const local = plan({}, { emulation: { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 } });
    expect(short(local.configurations)).toEqual(['512 x86_64', '128 x86_64', '1024 x86_64']);
    expect(short(local.projected)).toEqual(['512 arm64', '128 arm64', '1024 arm64']);
    expect(local.estimate.invocations).toBe(66);
  });

  it('refuses when nothing is left that can run', () => {
    const emulation = { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 } as const;
    expect(() => plan({ architectures: ['arm64'] }, { emulation })).toThrowError(
      expect.objectContaining({
        code: 'USAGE',
        message: 'Nothing can be measured on arm64: only x86_64 can run here.',
      }),
    );
    expect(() => plan({ architectures: ['arm64'] }, { packageType: 'Image' })).toThrowError(
      expect.objectContaining({
        code: 'USAGE',
        message: 'Nothing can be measured on arm64: only x86_64 can run here.',
      }),
    );
  });

  it('opens no environment that would get no warm call', () => {
    const few = plan({ invocations: 1, concurrency: 4 });
    expect(few.environmentsPerConfiguration).toBe(1);
    expect(few.warnings.map(({ code }) => code)).toEqual(['fewerEnvironments']);
  });

  it('says when payloads outnumber the calls', () => {
    const payloads = ['a', 'b', 'c'].map((name) => ({ ...payload, name }));
    expect(plan({ payloads, invocations: 4 }).warnings.map(({ code }) => code)).toEqual(['fewInvocationsForPayloads']);
    expect(plan({ payloads, invocations: 6 }).warnings).toEqual([]);
  });

  it('says when the cap is below what is expected', () => {
    expect(plan({ maxSpendUsd: 0.0001 }).warnings.map(({ code }) => code)).toEqual(['capBelowEstimate']);
    expect(plan({ maxSpendUsd: 1 }).warnings).toEqual([]);
  });

  it('refuses storage without a price before anything is created', () => {
    const { ephemeralStorageGbSecondUsd: _, ...unpriced } = costModel;
    expect(() => planRun(request, { ...facts, ephemeralStorageMb: 2048 }, unpriced)).toThrowError(
      expect.objectContaining({ code: 'PRICE' }),
    );
  });

  it('leases beyond the worst-case end', () => {
    // 132 calls and 2 more of the reference, 13 s each, 12 side by side; 11 in one chain; 300 s to create; 900 s margin.
    expect(plan().leaseSeconds).toBe(Math.ceil((134 / 12) * 13 + 11 * 13 + 300 + 900));
  });
});

describe('pickReference', () => {
  const sizes = [128, 256, 1024].flatMap((memoryMb) => [
    { memoryMb, architecture: 'x86_64' as const },
    { memoryMb, architecture: 'arm64' as const },
  ]);

  it.each([
    [
      { memoryMb: 256, architecture: 'arm64' },
      { memoryMb: 256, architecture: 'arm64' },
    ],
    [
      { memoryMb: 300, architecture: 'x86_64' },
      { memoryMb: 1024, architecture: 'x86_64' },
    ],
    [
      { memoryMb: 3008, architecture: 'x86_64' },
      { memoryMb: 1024, architecture: 'x86_64' },
    ],
  ] as const)('for %j is %j', (target, reference) => {
    expect(pickReference(sizes, target)).toEqual(reference);
  });

  it('is of the other architecture when the own one is not measured', () => {
    const arm = sizes.filter(({ architecture }) => architecture === 'arm64');
    expect(pickReference(arm, { memoryMb: 200, architecture: 'x86_64' })).toEqual({
      memoryMb: 256,
      architecture: 'arm64',
    });
    expect(pickReference([], { memoryMb: 200, architecture: 'x86_64' })).toBeUndefined();
  });
});

describe('in flight', () => {
  it.each([
    ['5 % of the unreserved concurrency', { unreservedConcurrency: 300 }, 15],
    ['rounded down', { unreservedConcurrency: 199 }, 9],
    ['at most 32', { unreservedConcurrency: 5000 }, 32],
    ['at least 1', { unreservedConcurrency: 10 }, 1],
    ['at least 1 with nothing unreserved', { unreservedConcurrency: 0 }, 1],
    ['at most what the function reserves', { unreservedConcurrency: 1000, reservedConcurrency: 4 }, 4],
    ['1 when reserved concurrency is ignored', { unreservedConcurrency: 1000, reservedConcurrency: 0 }, 1],
  ] as const)('is %s', (_, changed, maxInFlight) => {
    expect(plan({}, changed).maxInFlight).toBe(maxInFlight);
  });

  it('is 5 when the account cannot be read', () => {
    const { unreservedConcurrency: _, ...unread } = facts;
    expect(planRun(request, unread, costModel).maxInFlight).toBe(5);
  });

  it('is what the user says, with a word of warning', () => {
    const high = plan({ maxInFlight: 100 });
    expect(high.maxInFlight).toBe(100);
    expect(high.warnings.map(({ code }) => code)).toEqual(['inFlightHigh']);
    expect(plan({ maxInFlight: 10 }, { reservedConcurrency: 4 }).warnings.map(({ code }) => code)).toEqual([
      'inFlightAboveReserved',
    ]);
    expect(plan({ maxInFlight: 3 }).warnings).toEqual([]);
  });
});
