import { describe, expect, it } from 'vitest';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { restoreCostUsd, snapshotCacheCostUsd } from '../../src/pricing/snapStartCost.ts';

const virginia = costModelFor('us-east-1');

describe('SnapStart', () => {
  it('charges a restore by memory', () => {
    expect(restoreCostUsd('python3.13', 2048, virginia)).toBeCloseTo(0.0002795996, 12);
  });

  it('charges the cache of a version for at least three hours', () => {
    expect(snapshotCacheCostUsd('python3.13', 10_240, 0.1, virginia)).toBeCloseTo(0.1624968, 10);
    expect(snapshotCacheCostUsd('dotnet8', 1024, 4, virginia)).toBeCloseTo(0.02166624, 10);
  });

  it('is free for Java, and not known outside us-east-1', () => {
    expect(restoreCostUsd('java21', 2048, virginia)).toBe(0);
    expect(snapshotCacheCostUsd('java21', 2048, 5, costModelFor('eu-west-1'))).toBe(0);
    expect(restoreCostUsd('python3.13', 2048, costModelFor('eu-west-1'))).toBeUndefined();
    expect(snapshotCacheCostUsd('python3.13', 2048, 5, costModelFor('eu-west-1'))).toBeUndefined();
  });
});
