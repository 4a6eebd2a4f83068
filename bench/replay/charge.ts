import type { Configuration } from '../../src/model/configuration.ts';

/** US East (N. Virginia), first tier: the same for every rule, so its level does not matter, only x86 against arm. */
const gbSecondUsd = { x86_64: 0.0000166667, arm64: 0.0000133334 } as const;
const requestUsd = 0.0000002;

/** What one invocation costs: whole milliseconds. */
export function chargeUsd(configuration: Configuration, billableMs: number): number {
  return durationUsd(configuration, Math.ceil(billableMs)) + requestUsd;
}

/** Price of the time alone, as aws-lambda-power-tuning counts it. */
export function durationUsd({ memoryMb, architecture }: Configuration, ms: number): number {
  return (ms / 1000) * (memoryMb / 1024) * gbSecondUsd[architecture];
}
