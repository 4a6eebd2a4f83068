import type { Io } from '../../../base/io.ts';
import { canRedraw } from '../../../host/terminal.ts';
import { escapeTerminal } from '../../../text/escape.ts';

export interface ReadingProgress {
  /** A sentence that stays. */
  say(text: string): void;
  /** How far it is: one line that changes, or one every ten seconds. */
  show(text: string): void;
  end(): void;
}

const lineEveryMs = 10_000;
const frameMs = 100;

/** On stderr; nothing of it with `--quiet`. */
export function openReadingProgress(
  { quiet }: { readonly quiet: boolean },
  io: Io,
  done: 'Read' | 'Measured' = 'Read',
): ReadingProgress {
  const isLive = canRedraw(io.stderr, io);
  let shownMs = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  const close = () => {
    if (isOpen) io.stderr.write('\r\u001b[K');
    isOpen = false;
  };
  return {
    say(text) {
      if (quiet) return;
      close();
      io.stderr.write(`${escapeTerminal(text, 600)}\n`);
    },
    show(text) {
      const nowMs = io.monotonicMs();
      if (quiet || nowMs - shownMs < (isLive ? frameMs : lineEveryMs)) return;
      shownMs = nowMs;
      const line = escapeTerminal(`${done}: ${text}`, Math.max(20, io.stderr.columns - 1));
      io.stderr.write(isLive ? `\r\u001b[K${line}` : `${line}\n`);
      isOpen = isLive;
    },
    end: close,
  };
}
