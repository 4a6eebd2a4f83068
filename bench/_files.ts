import { scoreFiles, why } from './check/baselineFile.ts';
const runs = Number(process.argv[2] ?? 60);
const p = (x: number) => (100 * x).toFixed(1).padStart(5);
for (const files of [1]) for (const [withinCv, scale] of [[0.1,1],[0.1,1.1],[0.03,1.1],[0.05,1.1],[0.2,1]] as const) {
  const f = scoreFiles({ withinCv, files, scale, runCv: 0.008 }, runs, 1);
  console.log(files, withinCv, scale, p(f.shares.passed), 'inc', p(f.shares.inconclusive), 'regr', p(f.shares.regressed), f.samples.toFixed(0), f.fileCalls.toFixed(0), JSON.stringify(why)); for (const k in why) delete why[k];
}
