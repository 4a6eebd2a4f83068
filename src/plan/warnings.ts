import type { Emulation } from '../model/functionFacts.ts';
import { vcpusOf, visibleCpus } from '../model/lambda/vcpus.ts';
import type { Warning } from '../model/warning.ts';
import { formatMemorySizes } from '../text/format.ts';
import { numberOf } from '../text/numberOf.ts';
import type { RunEstimate } from './estimate.ts';
import type { PlanRequest } from './request.ts';

/** What somebody who asked for so many calls should know before they are made. */
export function fewCallsWarnings(request: PlanRequest, environmentsPerConfiguration: number): readonly Warning[] {
  const { invocations, concurrency, payloads, race } = request;
  const warnings: Warning[] = [];
  if (race === undefined && environmentsPerConfiguration < concurrency) {
    const text = `${numberOf(invocations, 'invocation opens', 'invocations open')} only ${invocations === 1 ? 'one environment' : 'as many environments'} per configuration, not ${concurrency}.`;
    warnings.push({ code: 'fewerEnvironments', text });
  }
  if (race === undefined && payloads.length > invocations / environmentsPerConfiguration) {
    const text = `${payloads.length} payloads are more than an environment gets calls; raise --invocations to measure each.`;
    warnings.push({ code: 'fewInvocationsForPayloads', text });
  }
  return [...warnings, ...linesNotSent(request, environmentsPerConfiguration)];
}

/** The same lines go to every configuration, so fewer calls than lines leave the last ones out. */
function linesNotSent(
  { payloads, invocations, race }: PlanRequest,
  environmentsPerConfiguration: number,
): readonly Warning[] {
  const lines = payloads[0]?.lines?.length ?? 0;
  const calls = Math.floor(invocations / environmentsPerConfiguration);
  if (race !== undefined || lines <= calls) return [];
  const text = `The payload has ${lines} lines, and an environment gets ${calls} warm calls: it is sent the first ${calls}, the same at every size; raise --invocations to send more.`;
  return [{ code: 'linesNotSent', text }];
}

/** The embedded endpoint cannot give more CPU than this machine has. */
export function coresMissing(
  memoryMb: readonly number[],
  emulation: Pick<Emulation, 'cores'> | undefined,
): readonly Warning[] {
  if (emulation === undefined) return [];
  const { cores } = emulation;
  const short = memoryMb.filter((size) => vcpusOf(size) > cores);
  const unseen = memoryMb.filter((size) => visibleCpus(size) > cores);
  if (unseen.length === 0) return [];
  const sentences = [
    `This machine has ${cores === 1 ? 'one core' : `${cores} cores`}.`,
    ...(short.length === 0
      ? []
      : [`On Lambda ${formatMemorySizes(short)} get more vCPUs than that; here they are no faster for it.`]),
    `Code that asks how many CPUs there are is told ${cores} here, and ${rangeText(unseen.map(visibleCpus))} on Lambda at ${formatMemorySizes(unseen)}.`,
  ];
  return [{ code: 'coresMissing', text: sentences.join(' ') }];
}

function rangeText(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

export function capWarnings({ maxSpendUsd }: PlanRequest, { expectedUsd }: RunEstimate): readonly Warning[] {
  if (maxSpendUsd === undefined || expectedUsd <= maxSpendUsd) return [];
  const text = `About US$ ${expectedUsd.toPrecision(2)} are expected, more than the cap of US$ ${maxSpendUsd}: the run will stop early.`;
  return [{ code: 'capBelowEstimate', text }];
}
