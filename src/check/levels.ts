import { normalCdf } from '../stats/quantiles.ts';

/**
 * How much error each look at the data may spend, so that all looks together keep to `alpha`: the group-sequential
 * method of Lan and DeMets (Biometrika 70, 1983) with the power family of Kim and DeMets (Biometrika 74, 1987),
 * α(t) = α·t^ρ, which Jennison and Turnbull (Group Sequential Methods, 2000, §7.2) recommend. With an unknown variance the
 * level of a look, not its z value, is what holds (ibid. §11.4): it is handed to Student's t there.
 *
 * Where it fails: looks are taken as those of a normal walk whose variance is known, so that at the first ones, with twelve calls in four
 * environments, the level holds only as well as the t of the error does; a check that is ended between two looks (money, an interruption)
 * looks once more than was planned, at the level of the look before. What all looks make of it is printed by `npm run bench:check`
 * (columns "regressed" and "false alarms"): at most 2 % of unchanged code. 1.1 is near the straight line of 1 and lies between the two
 * powers that Kim and DeMets tabulate (1 and 1.5).
 */
const spendingPower = 1.1;

/**
 * Plans of more than a hundred samples spend as much at their first look as one of a hundred does (α(t) is flatter): code that
 * scatters little would pay for calls that only other code needs. When it was chosen, with a file and 200 calls a check,
 * +10 % was found in 87 % with ρ = 1.1 throughout and in 92 % with this (`npm run bench:check -- --baseline-file`).
 */
const firstSpends = 0.12 ** spendingPower;

function powerOf(first: number): number {
  return first < 0.12 ? Math.log(firstSpends) / Math.log(first) : spendingPower;
}

const plans = new Map<string, readonly number[]>();

/**
 * Samples a side at each look: the first has `first`, every other one a sixth more than the one before, the last
 * `maxSamples`. The same array for the same arguments.
 */
export function plannedLooks(first: number, maxSamples: number): readonly number[] {
  const key = `${first} ${maxSamples}`;
  const plan = plans.get(key) ?? planOf(first, maxSamples);
  if (plans.size > 100) plans.clear();
  plans.set(key, plan);
  return plan;
}

function planOf(first: number, maxSamples: number): readonly number[] {
  const looks = [Math.min(first, maxSamples)];
  for (let count = looks[0] ?? 0; count < maxSamples; ) {
    const next = count + Math.max(4, Math.ceil(count / 6));
    // A last step that adds next to nothing is not worth a look of its own.
    count = next + 2 >= maxSamples ? maxSamples : next;
    looks.push(count);
  }
  return looks;
}

/** Alpha is spent by samples, as where nothing is fixed: how alike the looks are is another matter. */
const samplesOf = new WeakMap<readonly number[], readonly number[]>();

const informations = new Map<string, readonly number[]>();

/**
 * How much each look knows, where a part of the error stays whatever is called (what a file does not say, what hours differ by):
 * looks are more alike than those of a random walk, and cost less of alpha (Lan and DeMets, Statistics in Medicine 8, 1989, on samples and information as two clocks). `fixed`: that
 * part over what one call adds. Rounded down to powers of two, so that it is cautious and few plans are worked out.
 */
export function informationOf(looks: readonly number[], fixed: number): readonly number[] {
  const power = Math.floor(Math.log2(fixed));
  if (!(power >= -12)) return looks;
  const key = `${looks.join(' ')} ${power}`;
  const found = informations.get(key) ?? looks.map((count) => 1 / (1 / count + 2 ** power));
  if (informations.size > 100) informations.clear();
  informations.set(key, found);
  samplesOf.set(found, looks);
  return found;
}

const known = new WeakMap<readonly number[], Map<number, readonly number[]>>();

/** One-sided confidence (1 − level) of each look, by what it knows (or its samples). Remembered: it only depends on its arguments and takes milliseconds. */
export function lookConfidences(looks: readonly number[], alpha: number): readonly number[] {
  const ofPlan = known.get(looks) ?? new Map<number, readonly number[]>();
  known.set(looks, ofPlan);
  let found = ofPlan.get(alpha);
  if (found === undefined) {
    found = spend(toOne(looks), toOne(samplesOf.get(looks) ?? looks), alpha);
    ofPlan.set(alpha, found);
  }
  return found;
}

function toOne(looks: readonly number[]): readonly number[] {
  const last = looks.at(-1) ?? 1;
  return looks.map((count) => count / last);
}

/** Of the integration: four times as many move a confidence by 5 in 100,000 at most; test/check/levels.test.ts holds them by a random walk. */
const cells = 160;

/**
 * Boundaries of a Brownian motion that crosses them first at each time with the probability that is spent there, by
 * recursive numerical integration (Armitage, McPherson and Rowe 1969). Times ascend to 1.
 */
function spend(times: readonly number[], samples: readonly number[], alpha: number): number[] {
  let before: readonly { readonly at: number; readonly mass: number }[] = [{ at: 0, mass: 1 }];
  const power = powerOf(samples[0] ?? 1);
  let spent = 0;
  let last = 0;
  return times.map((time, look) => {
    const target = alpha * (samples[look] ?? 1) ** power - spent;
    spent += target;
    const step = Math.sqrt(time - last);
    last = time;
    const crossing = (bound: number) =>
      before.reduce((sum, { at, mass }) => sum + mass * normalCdf((at - bound) / step), 0);
    const bound = root(crossing, target, 9 * Math.sqrt(time));
    const lowest = -8 * Math.sqrt(time);
    const width = (bound - lowest) / cells;
    before = Array.from({ length: cells }, (_, index) => {
      const at = lowest + (index + 0.5) * width;
      let density = 0;
      for (const from of before) density += from.mass * Math.exp(-(((at - from.at) / step) ** 2) / 2);
      return { at, mass: (density * width) / (step * Math.sqrt(2 * Math.PI)) };
    });
    return normalCdf(bound / Math.sqrt(time));
  });
}

/** Where a falling function meets the target, 0 … high. */
function root(falling: (x: number) => number, target: number, high: number): number {
  let [from, to] = [0, high];
  for (let step = 0; step < 26; step++) {
    const middle = (from + to) / 2;
    if (falling(middle) > target) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
