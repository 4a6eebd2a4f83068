import { type Line, levelsOf, limitOf } from './metrics.ts';
import { boundsOf, type Ratio, sameRun, standardError } from './ratio.ts';

/**
 * How far an estimate is allowed to move until the last look: about one in twelve moves further. Where it fails: an estimate is
 * asked anew at every look, so that more than one in twelve of those given up would have been decided (`npm run bench:check`
 * prints calls and verdicts).
 */
const moves = 1.4;

/**
 * With a file one side alone is paid, and looks are many: given up as above, 16 of 100 checks of unchanged code whose calls scatter
 * by 10 % ended so when it was chosen, and 1 for want of calls (`npm run bench:check -- --baseline-file` prints what ends today).
 */
const movesWithFile = 2.5;

/**
 * Whether the last look is out of reach: with as much scatter as so far, its interval would still hold the limit unless the
 * estimate moved more than it does in about one run of twelve (stochastic curtailment: Lan, Simon and Halperin 1982). Then the
 * remaining samples would be paid for nothing. Only means are foreseen; a line of another kind keeps the run going.
 */
export function isHopeless(
  lines: readonly Line[],
  looks: readonly number[],
  look: number,
  known: readonly number[] = looks,
): boolean {
  const fraction = (looks[look] ?? 0) / (looks.at(-1) ?? 1);
  if (look < 3 || fraction >= 1) return false;
  const judged = lines.filter(({ limit, quantity }) => limit !== undefined && quantity !== undefined);
  const cost = judged.find(({ name, kind }) => name === 'cost' && kind === 'increase');
  if (cost === undefined) return false;
  return judged.every((line) => {
    const limit = limitOf(line);
    const ratio = line.quantity?.ratio;
    if (limit === undefined) return true;
    // A line without a foreseeable interval matters only where it could still fail the run by itself.
    if (ratio === undefined) return (line.quantity?.estimate ?? 0) <= limit.at;
    const distance = ratio.estimate - limit.at;
    if (!line.required && distance < 0) return true;
    const error = standardError(movingPart(ratio), limit.at);
    const mayMove = isOfFile(ratio) ? movesWithFile : moves;
    const reach = Math.abs(distance) + mayMove * error * Math.sqrt(1 - fraction);
    const levels = levelsOf(known, looks.length - 1, line.share);
    const last = shrunk(ratio, fraction);
    const half = Math.max(
      limit.at - boundsOf({ ...last, estimate: limit.at }, levels.regress.atLimit).low,
      limit.at - boundsOf({ ...last, estimate: limit.at }, levels.regress.plain).low - (limit.at - limit.same),
    );
    return reach < half;
  });
}

function isOfFile({ runs }: Ratio): boolean {
  return runs.variance > 0;
}

/** A file stays what it is, and so does what hours differ by. */
function movingPart(ratio: Ratio): Ratio {
  if (!isOfFile(ratio)) return ratio;
  const own = ({ current }: { current: number }) => ({ baseline: 0, current });
  return {
    ...ratio,
    runs: sameRun,
    variance: own(ratio.variance),
    clustering: own(ratio.clustering),
    unseen: own(ratio.clustering),
  };
}

/** The same scatter with all samples of the plan. */
function shrunk(ratio: Ratio, fraction: number): Ratio {
  const less = ({ baseline, current }: { baseline: number; current: number }) => ({
    baseline: isOfFile(ratio) ? baseline : baseline * fraction,
    current: current * fraction,
  });
  return {
    ...ratio,
    df: ratio.df / fraction,
    variance: less(ratio.variance),
    clustering: less(ratio.clustering),
    unseen: less(ratio.clustering),
  };
}
