// A process that owns environments and is killed by the test: one idle, one with stubborn forks, one computing, one with layers
// and an extension.
import { basename, join } from 'node:path';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';
import { extension, folderOf, loop } from '../extensions/program.ts';

const [cgroups, temporaryFolder] = process.argv.slice(2);
const executor = await executorFor(cgroups === 'off' ? 'off' : 'auto', temporaryFolder);
const idle = await executor.start(specOf('env-echo'));
await invoke(idle);
const forks = await executor.start(specOf('forks'));
const { pids } = payloadOf(await invoke(forks));
const shell = await executor.start(specOf('provided-shell', { runtime: 'provided' }));
const busy = await executor.start(specOf('timeout', { timeoutS: 600 }));
void invoke(busy, { busy: true });
const layers = folderOf(join(temporaryFolder ?? '', '..'), {
  'extensions/agent': extension(`process.on('SIGTERM', () => {}); await register(['INVOKE', 'SHUTDOWN']); ${loop}`),
});
const extended = await executor.start(specOf('env-echo', { optFolder: layers }));
await invoke(extended);
void shell;
process.stdout.write(`${JSON.stringify({ mark: basename(executor.folder), pids })}\n`);
setInterval(() => {}, 1000);
