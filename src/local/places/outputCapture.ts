import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pipes } from '../enclosure/pipes.ts';
import { bootstrapsFolder } from '../launch/runtimes.ts';

/** Everything an environment writes to stdout and stderr, in the order in which it arrives here. */
export interface OutputCapture {
  /** Descriptors for the children's stdout and stderr, one per pipe; close them once the children have them. */
  readonly writeEnds: readonly number[];
  /** The text since the last call. Waits until what was written before is read. */
  take(): Promise<string>;
  close(): void;
}

/** Where a named pipe is put, and who hears what comes through it. */
export interface OutputPipe {
  readonly path: string;
  hear?(text: string): void;
}

/**
 * One named pipe for both streams of a program. Node's own child pipes are sockets, which a child cannot reopen as /dev/stderr; and
 * two streams would lose the order. Of each span between two `take`s at most `limitBytes` are kept, from its beginning and its
 * end; the rest is read and counted, so a flood neither blocks the function nor fills the memory.
 */
export async function captureOutput(
  pipes: readonly OutputPipe[],
  made: Pipes,
  limitBytes: number,
): Promise<OutputCapture> {
  await Promise.all(pipes.map(({ path }) => made.take(path)));
  const kept = boundedText(limitBytes);
  let arrivedBytes = 0;
  const opened = pipes.map(({ path, hear }) => {
    // Opened for both directions: it neither waits for a writer nor ends when the last one goes.
    const readEnd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const writeEnd = openSync(path, constants.O_WRONLY);
    const socket = new Socket({ fd: readEnd, readable: true, writable: false });
    const decoder = new StringDecoder('utf8');
    socket.on('data', (chunk: Buffer) => {
      arrivedBytes += chunk.length;
      kept.add(chunk);
      hear?.(decoder.write(chunk));
    });
    socket.on('error', () => {});
    socket.unref();
    return { writeEnd, socket };
  });

  return {
    writeEnds: opened.map(({ writeEnd }) => writeEnd),
    async take() {
      // What was written before the runtime's last request is in the pipe already: two turns of the event loop without
      // new bytes mean that it is read. A process that keeps writing is cut off after a bounded number of turns.
      let quietTurns = 0;
      for (let turn = 0; quietTurns < 2 && turn < 1000; turn += 1) {
        const before = arrivedBytes;
        await nextTurn();
        quietTurns = arrivedBytes === before ? quietTurns + 1 : 0;
      }
      return kept.take();
    },
    close() {
      for (const { socket } of opened) socket.destroy();
    },
  };
}

/** Closes a descriptor that may be closed already. */
export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {}
}

interface BoundedText {
  add(chunk: Buffer): void;
  take(): string;
}

/** Keeps the first three quarters of the limit and the last quarter (an error and its stack come last). */
export function boundedText(limitBytes: number): BoundedText {
  const headLimit = Math.floor(limitBytes * 0.75);
  const tailLimit = limitBytes - headLimit;
  let head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let droppedBytes = 0;
  return {
    add(chunk) {
      const room = headLimit - headBytes;
      if (room > 0) {
        // Copied: a slice would keep the whole read buffer alive.
        head.push(Buffer.from(chunk.subarray(0, room)));
        headBytes += Math.min(room, chunk.length);
      }
      if (chunk.length <= room) return;
      tail.push(Buffer.from(chunk.subarray(Math.max(0, room))));
      tailBytes += chunk.length - Math.max(0, room);
      while (tailBytes > tailLimit) {
        const [oldest] = tail;
        if (oldest === undefined) break;
        const excess = Math.min(oldest.length, tailBytes - tailLimit);
        if (excess === oldest.length) tail.shift();
        else tail[0] = oldest.subarray(excess);
        tailBytes -= excess;
        droppedBytes += excess;
      }
    },
    take() {
      const note = droppedBytes === 0 ? [] : [Buffer.from(`\n[${droppedBytes} bytes of output were not kept]\n`)];
      const text = Buffer.concat([...head, ...note, ...tail]).toString('utf8');
      head = [];
      headBytes = 0;
      tail = [];
      tailBytes = 0;
      droppedBytes = 0;
      return text;
    },
  };
}

/** What the shells on the way to the runtime complain about is not the function's; the runtime lies in its own folder on Lambda. */
export function withoutOwnLines(output: string): string {
  const folders = [bootstrapsFolder, '/var/runtime'];
  if (!folders.some((folder) => output.includes(folder))) return output;
  const isOwn = (line: string) =>
    folders.some((folder) => line.startsWith(folder) && /^\/\w+\.sh: /.test(line.slice(folder.length)));
  return output
    .split('\n')
    .filter((line) => !isOwn(line))
    .join('\n')
    .replaceAll(bootstrapsFolder, '/var/runtime');
}
