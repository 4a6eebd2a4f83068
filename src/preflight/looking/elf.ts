import type { Architecture } from '../../model/configuration.ts';

/** What the head of an ELF file says of the machine it is built for. */
export interface ElfHeader {
  /** `other`: neither of Lambda's architectures nor their 32-bit forebears, so it was never meant to be loaded there. */
  readonly machine: Architecture | 'i386' | 'arm' | 'other' | 'unknown';
  /** False for object files and core dumps: nothing loads them. */
  readonly loadable: boolean;
}

const magic = Buffer.from('\x7fELF', 'latin1');

/** Of /usr/include/elf.h: EM_386, EM_ARM, EM_X86_64, EM_AARCH64. */
const machines = new Map<number, { readonly machine: 'x86_64' | 'arm64' | 'i386' | 'arm'; readonly bits: 32 | 64 }>([
  [3, { machine: 'i386', bits: 32 }],
  [40, { machine: 'arm', bits: 32 }],
  [62, { machine: 'x86_64', bits: 64 }],
  [183, { machine: 'arm64', bits: 64 }],
]);

const relocatable = 1;
const core = 4;
const freeBsd = 9;
const openBsd = 12;

/** Undefined for what is no ELF file. `head`: its first bytes, 20 of them where it has so many. */
export function elfHeaderOf(head: Buffer): ElfHeader | undefined {
  if (!head.subarray(0, 4).equals(magic)) return undefined;
  if (head.length < 20) return { machine: 'unknown', loadable: true };
  const bits = { 1: 32, 2: 64 }[head.readUInt8(4)];
  const isLittleEndian = head.readUInt8(5) === 1;
  const isBigEndian = head.readUInt8(5) === 2;
  if (bits === undefined || !(isLittleEndian || isBigEndian)) return { machine: 'unknown', loadable: true };
  const word = (offset: number) => (isLittleEndian ? head.readUInt16LE(offset) : head.readUInt16BE(offset));
  const system = head.readUInt8(7);
  const known = machines.get(word(18));
  // The 32-bit ABI of x86-64 and big-endian ARM run on no Lambda.
  const fits = known !== undefined && known.bits === bits && isLittleEndian && system !== freeBsd && system !== openBsd;
  return { machine: fits ? known.machine : 'other', loadable: word(16) !== relocatable && word(16) !== core };
}

/** A program of Go carries a note with its build id near the start of the file (cmd/internal/buildid). */
export function isGoProgram(head: Buffer): boolean {
  return head.includes(Buffer.from('\x04\x00\x00\x00Go\x00\x00', 'latin1'));
}
