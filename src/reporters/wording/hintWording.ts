import type { FasterForMore, Hint } from '../../advice/hints.ts';
import type { Architecture } from '../../model/configuration.ts';
import { formatMemory, formatShare } from '../../text/format.ts';
import type { Namer } from './namer.ts';
import { triggersText } from './triggersWording.ts';

export function hintSentence(hint: Hint, name: Namer): string {
  switch (hint.kind) {
    case 'tightMemory':
      return `${name(hint.pick)} is nearly full (${formatMemory(hint.usedMb)} used): leave room for larger payloads.`;
    case 'overProvisioned':
      return `${name(hint.current)} is over-provisioned: ${formatMemory(hint.usedMb)} used at most, and ${name(hint.enough)} is as fast.`;
    case 'singleCore':
      return `Hardly anything is gained above 1,769 MB (one vCPU)${onOnly(hint.architectures)}: the work runs on a single core.`;
    case 'waiting':
      return `From ${formatMemory(hint.leastMb)} to ${formatMemory(hint.mostMb)} more memory changes its duration by 10 % at most${onOnly(hint.architectures)}: it waits more than it computes.`;
    case 'caller':
      return `Where somebody waits for each call, ${fasterText(hint, name)}.`;
    case 'triggers':
      return `${[triggersText(hint.triggers), hint.faster && fasterText(hint.faster, name)]
        .filter((text) => text !== undefined)
        .join('; for who waits, ')}.`;
  }
}

function fasterText({ fastest, answered, savedTimeShare, extraCostShare }: FasterForMore, name: Namer): string {
  return `${name(fastest)} takes ${formatShare(savedTimeShare)} less time than ${name(answered)}, for ${formatShare(extraCostShare)} more money`;
}

function onOnly(architectures: readonly Architecture[]): string {
  return architectures.length === 1 ? ` on ${architectures[0]}` : '';
}
