// Loaded into a process of the fault sweep. What it waits for by itself passes ten times as fast, and its own measure of time with it; patience with others does not;
// and it dies at a change of its files, where that is asked for: DIES_AT="rename 3 after" or "unlink 2 before".
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const speed = 10;
const wait = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (callback, ms = 0, ...args) => wait(callback, ms >= 50 && ms < 5000 ? ms / speed : ms, ...args),
  wait,
);
const realNow = performance.now.bind(performance);
performance.now = () => realNow() * speed;

const [operation, nth, moment] = (process.env.DIES_AT ?? '').split(' ');
let done = 0;
const die = (now) => {
  if (now === moment && done === Number(nth)) process.kill(process.pid, 'SIGKILL');
};
for (const name of operation === 'rename'
  ? ['rename', 'renameSync']
  : operation === 'unlink'
    ? ['unlinkSync', 'rmSync']
    : []) {
  const real = fs[name];
  fs[name] = (...args) => {
    done += 1;
    die('before');
    const callback = args.at(-1);
    if (typeof callback !== 'function') {
      const answer = real(...args);
      die('after');
      return answer;
    }
    return real(...args.slice(0, -1), (...answer) => {
      die('after');
      callback(...answer);
    });
  };
}
syncBuiltinESMExports();
