import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';

const machines = { x86_64: 62, arm64: 183, i386: 3, arm: 40, riscv64: 243 } as const;

export type Machine = keyof typeof machines;

/** The head of a real ELF file: 64 bytes for 64-bit machines, 52 for 32-bit ones, then something like code. */
export function elf(machine: Machine, { type = 3, bigEndian = false } = {}): Buffer {
  const is32 = machine === 'i386' || machine === 'arm';
  const header = Buffer.alloc(is32 ? 52 : 64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt8(is32 ? 1 : 2, 4);
  header.writeUInt8(bigEndian ? 2 : 1, 5);
  header.writeUInt8(1, 6);
  const word = (value: number, offset: number) =>
    bigEndian ? header.writeUInt16BE(value, offset) : header.writeUInt16LE(value, offset);
  word(type, 16);
  word(machines[machine], 18);
  return Buffer.concat([header, Buffer.from(`code of ${machine} `.repeat(50))]);
}

/** An assembly compiled ahead of time for Linux. */
export function readyToRun(machine: 'x86_64' | 'arm64'): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('MZ', 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE((machine === 'x86_64' ? 0x8664 : 0xaa64) ^ 0x7b79, 0x84);
  return bytes;
}

export type Files = Readonly<Record<string, string | Buffer>>;

export interface Packing {
  readonly compress?: boolean;
  readonly mode?: number;
}

export async function zip(files: Files, { compress = true, mode = 0o100755 }: Packing = {}): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    archive.addBuffer(Buffer.from(content), name, { compress, mode });
  }
  archive.end();
  return buffer(archive.outputStream);
}

/** Changes bytes of a name in all headers: the library that writes zips refuses hostile names. */
export function renamed(archive: Buffer, from: string, to: string): Buffer {
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

/** One entry of zeros that declares what it is, or less. */
export function bomb(unpackedBytes: number, declaredBytes = unpackedBytes): Buffer {
  const packed = deflateRawSync(Buffer.alloc(unpackedBytes), { level: 9 });
  const name = Buffer.from('zeros.bin');
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(declaredBytes, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    Buffer.from([20, 3]),
    fields,
    Buffer.alloc(14),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** A tar of one file (POSIX ustar). */
export function tar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000755\0', 100);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('ustar\u000000', 257, 'latin1');
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/**
 * A 64-bit ELF file with program headers and a dynamic section: one needed library, or one version of glibc; with neither
 * it is a static program. Everything is mapped where it lies in the file.
 */
export function dynamicElf(
  machine: 'x86_64' | 'arm64',
  { type = 3, needed, glibc }: { type?: number; needed?: string; glibc?: string } = {},
): Buffer {
  const file = Buffer.alloc(1024);
  elf(machine, { type }).copy(file, 0, 0, 64);
  if (type === 2) file.writeBigUInt64LE(0x200n, 24);
  const isDynamic = needed !== undefined || glibc !== undefined;
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(isDynamic ? 2 : 1, 56);
  const segment = (at: number, kind: number, offset: number, size: number) => {
    file.writeUInt32LE(kind, at);
    for (const field of [8, 16]) file.writeBigUInt64LE(BigInt(offset), at + field);
    file.writeBigUInt64LE(BigInt(size), at + 32);
  };
  segment(64, 1, 0, file.length);
  if (!isDynamic) return file;
  segment(120, 2, 256, 80);
  const entries: [number, number][] = [
    [5, 512],
    [1, 1],
    ...(glibc === undefined
      ? []
      : ([
          [0x6ffffffe, 768],
          [0x6fffffff, 1],
        ] as [number, number][])),
  ];
  for (const [index, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(BigInt(tag), 256 + index * 16);
    file.writeBigUInt64LE(BigInt(value), 264 + index * 16);
  }
  file.write(`\0${needed ?? 'libc.so.6'}\0`, 512, 'latin1');
  if (glibc === undefined) return file;
  file.write(`${glibc}\0`, 600, 'latin1');
  // Verneed: one record with one version behind it.
  file.writeUInt16LE(1, 770);
  file.writeUInt32LE(16, 776);
  file.writeUInt32LE(88, 784 + 8);
  return file;
}
