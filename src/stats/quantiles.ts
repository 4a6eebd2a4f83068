/**
 * Quantiles of the normal, Student's t and the binomial distribution. Written here because the only package found that
 * has them all (jstat, the oracle of the tests) is large and rarely maintained. Each function names its source. Where they fail: below one
 * degree of freedom t's far quantiles take many steps; the binomial counts on n p below some millions. Nothing here was chosen by a bench:
 * the constants are those of the sources, and the tests hold them against tables and jstat.
 */

/** Standard normal quantile for 0 < p < 1; relative error below 1e-9 (Acklam 2003, with one Halley step on erfc). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability strictly between 0 and 1 is needed, not ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const rough = p < 0.02425 ? acklamTail(Math.sqrt(-2 * Math.log(p))) : acklamCentre(p - 0.5);
  const error = normalCdf(rough) - p;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((rough * rough) / 2);
  return rough - step / (1 + (rough * step) / 2);
}

export function normalCdf(z: number): number {
  // Φ(z) by the incomplete gamma function of order 1/2: full double precision also far out in the tail.
  const tail = 0.5 * upperGammaHalf((z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}

/** P(T ≤ t) for Student's t with df > 0 degrees of freedom (not necessarily whole). */
export function studentTCdf(t: number, df: number): number {
  return cdfOf(t, df, logBetaOf(df / 2, 0.5));
}

function cdfOf(t: number, df: number, logBeta: number): number {
  const tail = 0.5 * betaShare(df / (df + t * t), df / 2, 0.5, logBeta);
  return t < 0 ? tail : 1 - tail;
}

/** The intervals of a run ask for few different ones, thousands of times: each takes a tenth of a millisecond to find. */
const found = new Map<string, number>();
const mostKept = 10_000;

/** Quantile of Student's t for 0 < p < 1 and df > 0; above 1e7 degrees of freedom it is the normal one. */
export function studentTQuantile(p: number, df: number): number {
  const key = `${p} ${df}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const quantile = findStudentTQuantile(p, df);
  if (found.size >= mostKept) found.clear();
  found.set(key, quantile);
  return quantile;
}

function findStudentTQuantile(p: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`positive degrees of freedom are needed, not ${df}`);
  if (p === 0.5) return 0;
  if (df > 1e7) return normalQuantile(p);
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = cornishFisher(normalQuantile(p), df);
  // All that does not depend on t, once.
  const [logBeta, logScale] = [logBetaOf(df / 2, 0.5), logScaleOf(df)];
  // Newton's steps, kept inside a bracket that only shrinks: they fail where the tail is nearly flat (df below 1).
  for (let step = 0; step < 200; step++) {
    const excess = cdfOf(t, df, logBeta) - p;
    if (excess > 0) high = t;
    else low = t;
    const newton = t - excess / densityOf(t, df, logScale);
    const next = newton > low && newton < high ? newton : Number.isFinite(high) ? (low + high) / 2 : t * 2;
    if (Math.abs(next - t) <= 1e-13 * t) return next;
    t = next;
  }
  return t;
}

function logScaleOf(df: number): number {
  return logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
}

function densityOf(t: number, df: number, logScale: number): number {
  return Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
}

/** A first guess at the t quantile from the normal one (Abramowitz and Stegun 26.7.5). */
function cornishFisher(z: number, df: number): number {
  return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df * df);
}

/** P(X ≤ k) for a binomial of n trials with probability p each. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta(1 - p, n - k, k + 1);
}

/** Regularized incomplete beta I_x(a, b) by its continued fraction (Lentz's method; Numerical Recipes §6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  return betaShare(x, a, b, logBetaOf(a, b));
}

/** −ln B(a, b) */
function logBetaOf(a: number, b: number): number {
  return logGamma(a + b) - logGamma(a) - logGamma(b);
}

function betaShare(x: number, a: number, b: number, logBeta: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logBeta + a * Math.log(x) + b * Math.log1p(-x));
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * betaFraction(1 - x, b, a)) / b;
  return (front * betaFraction(x, a, b)) / a;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln Γ(x) for x > 0 (Lanczos 1964, g = 7, nine coefficients). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  let sum = 0.9999999999998099;
  let index = 0;
  for (const coefficient of lanczos) {
    sum += coefficient / (x + index);
    index += 1;
  }
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Q(1/2, x) = erfc(√x): a series near 0, a continued fraction further out (Numerical Recipes §6.2). */
function upperGammaHalf(x: number): number {
  if (x === 0) return 1;
  const front = Math.exp(-x) * Math.sqrt(x / Math.PI);
  if (x < 1.5) {
    let term = 2;
    let sum = 2;
    for (let k = 1.5; term > sum * 1e-17; k++) {
      term *= x / k;
      sum += term;
    }
    return 1 - front * sum;
  }
  let b = x + 0.5;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i <= 1000; i++) {
    const a = -i * (i - 0.5);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return front * fraction;
}

function acklamTail(q: number): number {
  const numerator =
    ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const denominator =
    (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return numerator / denominator;
}

function acklamCentre(q: number): number {
  const r = q * q;
  const numerator =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  const denominator =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return numerator / denominator;
}
