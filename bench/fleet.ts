import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { asTable } from './figure.ts';
import { rankFigures, runFigures } from './fleet/figures.ts';
import { openFleetStage } from './fleet/stage.ts';

/**
 * `npm run bench:fleet [-- --functions 1000 --top 50 --parts 4 --json]`: a fleet in two accounts × two regions, ranked, measured by
 * one process and by several, and what all came to. The accounts are scripted and live in this process, which takes CPU time, too.
 */
const { values } = parseArgs({
  options: {
    functions: { type: 'string', default: '1000' },
    top: { type: 'string', default: '50' },
    parts: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const startedMs = performance.now();
const seconds = () => Math.round((performance.now() - startedMs) / 1000);
const say = (text: string) => process.stderr.write(`… ${seconds()} s: ${text}\n`);
const functions = Number(values.functions);

say(`${functions} functions are made`);
const stage = await openFleetStage({ functions, invokeMs: 200 });
try {
  const figures = [
    ...(await rankFigures(stage, functions, say)),
    ...(await runFigures(stage, { top: Number(values.top), parts: Number(values.parts) }, say)),
  ];
  const load = loadavg()[0] ?? 0;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ figures, load, seconds: seconds() }, null, 2)}\n`
      : `${asTable(figures)}\nThis took ${seconds()} s, with ${(process.cpuUsage().user / 1e6).toFixed(0)} s of CPU time of the accounts. Load of this machine in the last minute: ${load.toFixed(1)}\n`,
  );
  process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
} finally {
  await stage.close();
}
