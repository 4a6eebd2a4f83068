import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { referenceLoop } from '../model/measurement.ts';

/**
 * What a reference loop's time depends on, as a digest: processor, microcode, cores, kernel, and the Node that runs the loop. A machine that is slower today is the same one, which is the point.
 */
export function machineId(nodeVersion: string): string {
  const cpus = os.cpus();
  const parts = [
    referenceLoop,
    os.arch(),
    os.platform(),
    os.release(),
    cpus[0]?.model ?? '',
    cpus.length,
    microcode(),
    nodeVersion,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function microcode(): string {
  try {
    return /^microcode\s*:\s*(\S+)/m.exec(fs.readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
