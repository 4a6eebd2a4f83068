/** Which C library a 64-bit ELF file is linked against, and which others it asks for. */
export interface Linking {
  /** `static`: against none, so it runs beside any. `unknown`: it names none. */
  readonly library: 'glibc' | 'musl' | 'static' | 'unknown';
  /** The newest version of glibc (2.x) that it asks for. */
  readonly glibcMinor?: number;
  /** Libraries that it asks for by name. */
  readonly needed?: readonly string[];
}

const loadable = 1;
const dynamic = 2;
const interpreter = 3;

/** Entries of the dynamic section (/usr/include/elf.h). */
const tags = { end: 0n, needed: 1n, stringTable: 5n, versionsNeeded: 0x6ffffffen, versionsNeededCount: 0x6fffffffn };

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** Undefined for what cannot be read so: no little-endian 64-bit file, cut, or without program headers. */
export function linkingOf(file: Buffer): Linking | undefined {
  try {
    return read(file);
  } catch {
    // A position outside of the file: broken, or made to mislead. Its head alone is judged.
    return undefined;
  }
}

function read(file: Buffer): Linking | undefined {
  if (file.readUInt8(4) !== 2 || file.readUInt8(5) !== 1) return undefined;
  const segments = segmentsOf(file);
  if (segments.length === 0) return undefined;
  const interpreted = segments.find(({ type }) => type === interpreter);
  const program = interpreted === undefined ? '' : textAt(file, interpreted.offset);
  const section = segments.find(({ type }) => type === dynamic);
  const { needed, glibcMinor } = section === undefined ? { needed: [] } : dynamicOf(file, section, segments);
  if (/ld-musl/.test(program) || needed.some((name) => /^(?:libc\.musl-|ld-musl-)/.test(name)))
    return { library: 'musl' };
  if (glibcMinor !== undefined) return { library: 'glibc', glibcMinor, needed };
  if (program !== '' || needed.some((name) => /^libc\.so\.6$/.test(name))) return { library: 'glibc', needed };
  // A program that asks for nothing is static, position-independent or not; a library that asks for nothing tells nothing.
  const isProgram = file.readBigUInt64LE(24) !== 0n;
  return { library: needed.length === 0 && isProgram ? 'static' : 'unknown', needed };
}

function segmentsOf(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function dynamicOf(file: Buffer, section: Segment, segments: readonly Segment[]) {
  const entries: [tag: bigint, value: number][] = [];
  for (let at = section.offset; at + 16 <= section.offset + section.size; at += 16) {
    const tag = file.readBigUInt64LE(at);
    if (tag === tags.end) break;
    entries.push([tag, Number(file.readBigUInt64LE(at + 8))]);
  }
  const firstOf = (wanted: bigint) => entries.find(([tag]) => tag === wanted)?.[1];
  const offsetOf = (address: number) => {
    const within = segments.find(
      ({ type, address: start, size }) => type === loadable && address >= start && address < start + size,
    );
    return within === undefined ? address : address - within.address + within.offset;
  };
  const strings = offsetOf(firstOf(tags.stringTable) ?? Number.MAX_SAFE_INTEGER);
  const needed = entries.filter(([tag]) => tag === tags.needed).map(([, value]) => textAt(file, strings + value));
  const versions = firstOf(tags.versionsNeeded);
  const minors =
    versions === undefined
      ? []
      : glibcMinors(file, offsetOf(versions), strings, firstOf(tags.versionsNeededCount) ?? 0);
  return { needed, glibcMinor: minors.length === 0 ? undefined : Math.max(...minors) };
}

/** Verneed and Vernaux records: what each needed library is asked for. */
function glibcMinors(file: Buffer, start: number, strings: number, count: number): number[] {
  const minors: number[] = [];
  let at = start;
  for (let record = 0; record < Math.min(count, 1000); record += 1) {
    let aux = at + file.readUInt32LE(at + 8);
    for (let left = file.readUInt16LE(at + 2); left > 0; left -= 1) {
      const minor = /^GLIBC_2\.(\d+)(?:\.\d+)?$/.exec(textAt(file, strings + file.readUInt32LE(aux + 8)))?.[1];
      if (minor !== undefined) minors.push(Number(minor));
      aux += file.readUInt32LE(aux + 12);
    }
    at += file.readUInt32LE(at + 12);
  }
  return minors;
}

function textAt(file: Buffer, offset: number): string {
  const end = file.indexOf(0, offset);
  if (offset < 0 || offset >= file.length || end === -1) throw new RangeError('outside of the file');
  return file.toString('latin1', offset, Math.min(end, offset + 256));
}
