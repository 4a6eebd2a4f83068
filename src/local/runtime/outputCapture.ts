import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Everything an environment writes to stdout and stderr, in the order it was written. */
export interface OutputCapture {
  /** Descriptor for the child's stdout and stderr; close it once the child has it. */
  readonly writeEnd: number;
  /** The text since the last call. Waits until what was written before is read. */
  take(): Promise<string>;
  close(): void;
}

/**
 * One named pipe for both streams. Node's own child pipes are sockets, which a child cannot reopen as /dev/stderr; and
 * two streams would lose the order. Of each span between two `take`s at most `limitBytes` are kept, from its beginning and its
 * end; the rest is read and counted, so a flood neither blocks the function nor fills the memory.
 */
export async function captureOutput(pipePath: string, limitBytes: number): Promise<OutputCapture> {
  await promisify(execFile)('mkfifo', ['-m', '600', pipePath]);
  // Opened for both directions: it neither waits for a writer nor ends when the last one goes.
  const readEnd = openSync(pipePath, constants.O_RDWR | constants.O_NONBLOCK);
  const writeEnd = openSync(pipePath, constants.O_WRONLY);
  const kept = boundedText(limitBytes);
  const socket = new Socket({ fd: readEnd, readable: true, writable: false });
  let arrivedBytes = 0;
  socket.on('data', (chunk: Buffer) => {
    arrivedBytes += chunk.length;
    kept.add(chunk);
  });
  socket.on('error', () => {});
  socket.unref();

  return {
    writeEnd,
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
      socket.destroy();
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
