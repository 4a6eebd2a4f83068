// After the job's last step, also of a cancelled one: removes what the run may have left. Says nothing where there is nothing.
import { spawnSync } from 'node:child_process';
import { fail, input, paths, words } from './run.mjs';

const runId = process.env.STATE_run;
const { folder, cli, isThere } = paths();
if (runId && isThere && !isLocal()) {
  const given = words(input('args'));
  const places = ['--region', '--profile', '--endpoint-url'].flatMap((option) => {
    const at = given.indexOf(option);
    return at < 0 ? [] : [option, given[at + 1] ?? ''];
  });
  const { status } = spawnSync(process.execPath, [cli, 'cleanup', '--run', runId, '--yes', ...places], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) fail(`Something may be left in the account. Remove it with: tune cleanup --run ${runId}`);
}

/** A folder or package that was measured on the runner left nothing in an account. */
function isLocal() {
  const given = words(input('args'));
  const name = given[given.findIndex((word) => word === '--function' || word === '-f') + 1] ?? '';
  return name.startsWith('./') || name.startsWith('/') || name.endsWith('.zip');
}
