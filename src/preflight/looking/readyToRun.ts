import type { Architecture } from '../../model/configuration.ts';

/** `IMAGE_FILE_MACHINE_OS_MASK_LINUX` of dotnet/runtime, pedecoder.h: set on code that is compiled for Linux ahead of time. */
const linuxMask = 0x7b79;

/**
 * The machine of a .NET assembly that holds code compiled ahead of time for Linux (ReadyToRun). Undefined for all other
 * files: assemblies of IL alone run anywhere, and those for Windows are loaded nowhere on Lambda.
 */
export function readyToRunMachine(head: Buffer): Architecture | undefined {
  if (head.length < 0x40 || head.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const signature = head.readUInt32LE(0x3c);
  if (signature + 6 > head.length || head.toString('latin1', signature, signature + 4) !== 'PE\0\0') return undefined;
  const machine = head.readUInt16LE(signature + 4) ^ linuxMask;
  if (machine === 0x8664) return 'x86_64';
  return machine === 0xaa64 ? 'arm64' : undefined;
}
