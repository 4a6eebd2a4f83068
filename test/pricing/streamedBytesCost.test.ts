import { describe, expect, it } from 'vitest';
import { mostStreamed, streamedBytesCostUsd } from '../../src/pricing/streamedBytesCost.ts';

const mb = 1024 * 1024;

describe('what a streamed answer costs', () => {
  it('is nothing up to 6 MB, anywhere', () => {
    expect(streamedBytesCostUsd(6 * mb, 'us-east-1')).toBe(0);
    expect(streamedBytesCostUsd(6 * mb, 'eu-west-3')).toBe(0);
  });

  it('is US$ 0.008 a GB beyond them in us-east-1', () => {
    expect(streamedBytesCostUsd(6 * mb + 1024 * mb, 'us-east-1')).toBe(0.008);
    expect(streamedBytesCostUsd(20 * mb, 'us-east-1')).toBe(0.000109375);
  });

  it('is not known elsewhere', () => {
    expect(streamedBytesCostUsd(20 * mb, 'eu-west-3')).toBeUndefined();
  });

  it('is bounded by 2 MB a second until the timeout, and by 200 MB', () => {
    expect(mostStreamed(3)).toBe(12 * mb);
    expect(mostStreamed(900)).toBe(200 * mb);
  });
});
