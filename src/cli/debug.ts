import type { Command } from 'commander';
import type { Io } from '../base/io.ts';
import { escapeTerminal } from '../text/escape.ts';

/** Every command takes `--debug`; what it means is decided before any is called, so none of them sees it. */
export function hideDebug(program: Command): void {
  program.hook('preAction', (_, action) => {
    delete action.opts().debug;
  });
}

/** The same process, told on: one line for each attempt of each call. */
export function debugging(io: Io): Io {
  const startedMs = io.monotonicMs();
  return {
    ...io,
    trace({ operation, of, ended, tookMs, requestId }) {
      const at = ((io.monotonicMs() - startedMs) / 1000).toFixed(3);
      const about = of === undefined ? '' : ` ${escapeTerminal(of, 200)}`;
      const request = requestId === undefined ? '' : `, request ${escapeTerminal(requestId, 80)}`;
      io.stderr.write(
        `debug: ${at} s ${operation}${about}: ${escapeTerminal(ended, 60)} in ${Math.round(tookMs)} ms${request}\n`,
      );
    },
  };
}
