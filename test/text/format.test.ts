import { describe, expect, it } from 'vitest';
import {
  columnDecimals,
  formatChange,
  formatDuration,
  formatElapsed,
  formatFixed,
  formatGivenShare,
  formatMemory,
  formatMemorySizes,
  formatNumberOf,
  formatPlainNumber,
  formatShare,
  formatSignedChange,
  formatUsd,
  formatUsdPerMillion,
  shareOption,
} from '../../src/text/format.ts';

describe('numbers for people', () => {
  it('shows money with the digits that matter', () => {
    expect([0, 1234.4, 999.6, 104.256, 12.345, 1.666, 0.9996, 0.2069, 0.0000123].map(formatUsd)).toEqual([
      '$0',
      '$1,234',
      '$1,000',
      '$104.26',
      '$12.35',
      '$1.67',
      '$1.00',
      '$0.207',
      '$0.0000123',
    ]);
    expect(formatUsd(-1.5)).toBe('-$1.50');
  });

  it('shows costs per million invocations', () => {
    expect(formatUsdPerMillion(0.00000166667)).toBe('$1.67');
    expect(formatUsdPerMillion(0.000000207)).toBe('$0.207');
    expect(formatUsdPerMillion(0.001234)).toBe('$1,234');
  });

  it('shows durations in milliseconds until they are long', () => {
    expect([0, 0.851, 9.99, 9.996, 12.34, 99.96, 251.7, 2520, 12_340, 61_000].map(formatDuration)).toEqual([
      '0.00 ms',
      '0.85 ms',
      '9.99 ms',
      '10.0 ms',
      '12.3 ms',
      '100 ms',
      '252 ms',
      '2,520 ms',
      '12.3 s',
      '1 min 1 s',
    ]);
  });

  it('shows how far figures are apart in two digits, with the sign where it is asked for', () => {
    expect([0.031, -0.031, 0.0994, 0.0996, -0.244, -0.0001].map(formatChange)).toEqual([
      '3.1',
      '3.1',
      '9.9',
      '10',
      '24',
      '0.0',
    ]);
    expect([0.031, -0.031, -0.244, -0.0001].map(formatSignedChange)).toEqual(['3.1', '-3.1', '-24', '0.0']);
  });

  it('shows a share that was given as it was given', () => {
    expect([0.05, 0.025, 1].map(formatGivenShare)).toEqual(['5 %', '2.5 %', '100 %']);
    expect([0.05, 0.025, 0.000125].map(shareOption)).toEqual(['5%', '2.5%', '0.0125%']);
  });

  it('shows how long a run took', () => {
    expect([900, 9400, 59_960, 72_000, 7_500_000].map(formatElapsed)).toEqual([
      '0.9 s',
      '9.4 s',
      '1 min 0 s',
      '1 min 12 s',
      '2 h 5 min',
    ]);
  });

  it('shows shares, sizes and counts', () => {
    expect([0, 0.004, 0.35, 1.113, 12.4, -0.17].map(formatShare)).toEqual([
      '0 %',
      '0.4 %',
      '35 %',
      '111 %',
      '1,240 %',
      '-17 %',
    ]);
    expect([0.0312, -0.24, 0.0996, 12.4].map(formatChange)).toEqual(['3.1', '24', '10', '1,240']);
    expect(formatMemory(10_240)).toBe('10,240 MB');
    expect(formatMemorySizes([5308, 128, 1769, 128])).toBe('128, 1,769, 5,308 MB');
    expect(formatNumberOf(1, 'core')).toBe('1 core');
    expect(formatNumberOf(12_000, 'invocation')).toBe('12,000 invocations');
  });

  it('never shows a negative zero', () => {
    expect(formatFixed(-0.001, 2)).toBe('0.00');
    expect(formatShare(-0.0001)).toBe('0 %');
  });

  it('gives a column the decimals of its smallest value, and none when its largest has four digits', () => {
    expect(columnDecimals([3.5, 41.2])).toBe(2);
    expect(columnDecimals([41.2, 104])).toBe(1);
    expect(columnDecimals([0.207, 1.66], 4)).toBe(3);
    expect(columnDecimals([0.207, 166.2], 4)).toBe(1);
    expect(columnDecimals([5, 2520])).toBe(0);
    expect(columnDecimals([0])).toBe(0);
    expect(columnDecimals([])).toBe(0);
  });

  it('writes numbers for programs without exponent and noise', () => {
    expect([0, 2.5e-7, 0.1 + 0.2, 0.000007316681, 12_345.678].map(formatPlainNumber)).toEqual([
      '0',
      '0.00000025',
      '0.3',
      '0.000007316681',
      '12345.678',
    ]);
  });
});
