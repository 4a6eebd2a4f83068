// After the job's last step, also of a cancelled one: removes what the run may have left. Says nothing where there is nothing.
import { spawnSync } from 'node:child_process';
import { fail, input, paths, words } from './run.mjs';
import { isLocal, optionValue } from './targets.mjs';

const { STATE_run: runId, STATE_ended: ended } = process.env;
const { folder, cli, isThere } = paths();
const given = words(input('args'));
if (runId && !ended && isThere && !isLocal(given, folder)) {
  const places = ['--region', '--profile', '--endpoint-url'].flatMap((option) => {
    const value = optionValue(given, option);
    return value === undefined ? [] : [option, value];
  });
  const { status } = spawnSync(process.execPath, [cli, 'cleanup', '--run', runId, '--yes', ...places], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) fail(`Something may be left in the account. Remove it with: tune cleanup --run ${runId}`);
}
