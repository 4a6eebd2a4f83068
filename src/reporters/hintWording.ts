import type { Hint } from '../domain/hints.ts';
import type { Architecture } from '../domain/model.ts';
import { formatMemory, formatShare } from './format.ts';
import type { Namer } from './wording.ts';

export function hintSentence(hint: Hint, name: Namer): string {
  switch (hint.kind) {
    case 'tightMemory':
      return `${name(hint.pick)} is nearly full (${formatMemory(hint.usedMb)} used): leave room for larger payloads.`;
    case 'overProvisioned':
      return `${name(hint.current)} is over-provisioned: ${formatMemory(hint.usedMb)} used at most, and ${name(hint.enough)} is as fast.`;
    case 'singleCore':
      return `Nothing gained above 1,769 MB (one vCPU)${onOnly(hint.architectures)}: the work runs on a single core.`;
    case 'waiting':
      return `From ${formatMemory(hint.leastMb)} to ${formatMemory(hint.mostMb)} more memory makes it no faster${onOnly(hint.architectures)}: it waits more than it computes.`;
    case 'caller':
      return (
        `Called asynchronously (queue, event, schedule), take the cheapest; with somebody waiting, ${name(hint.fastest)} ` +
        `takes ${formatShare(hint.savedTimeShare)} less time for ${formatShare(hint.extraCostShare)} more money.`
      );
  }
}

function onOnly(architectures: readonly Architecture[]): string {
  return architectures.length === 1 ? ` on ${architectures[0]}` : '';
}
