import { open, stat } from 'node:fs/promises';
import { arch } from 'node:os';
import { isAbsolute } from 'node:path';

/** Why a program cannot be started, in Lambda's words; undefined: it can. `shown`: the path that the function knows. */
export async function launchProblem(path: string, shown: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return `fork/exec ${shown}: no such file or directory`;
  if ((found.mode & 0o111) === 0) return `fork/exec ${shown}: permission denied`;
  const start = await firstBytes(path);
  // What may be run and not read is for the kernel to start: a program runs, and of a script its interpreter says what it may not.
  if (start === undefined) return undefined;
  if (!runsHere(start)) return `fork/exec ${shown}: exec format error`;
  const [firstLine = ''] = start.toString('latin1').split('\n');
  if (!firstLine.startsWith('#!') || !start.includes(10)) return undefined;
  const [interpreter = ''] = firstLine.slice(2).trim().split(/[ \t]/);
  // The kernel looks for a program whose name ends in a carriage return. What Lambda adds no reason to, we do.
  if (firstLine.endsWith('\r')) {
    return `fork/exec ${shown}: no such file or directory (the line ends are CRLF, so its interpreter is not found)`;
  }
  // What the function brings itself lies elsewhere here.
  if (!isAbsolute(interpreter) || /^\/(?:opt|var\/(?:task|runtime))\//.test(interpreter)) return undefined;
  const isThere = await stat(interpreter).catch(() => undefined);
  return isThere === undefined ? `fork/exec ${shown}: no such file or directory` : undefined;
}

/** Undefined where only others may read it. */
async function firstBytes(path: string): Promise<Buffer | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    // The kernel reads no more of a #! line.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A script with `#!`, or an ELF file of this machine's architecture (e_machine of /usr/include/elf.h). */
function runsHere(start: Buffer): boolean {
  if (start.subarray(0, 2).toString('latin1') === '#!') return true;
  if (start.length < 20 || start.readUInt32BE(0) !== 0x7f454c46) return false;
  const machine = start.readUInt16LE(18);
  return arch() === 'arm64' ? machine === 183 : machine === 62;
}
