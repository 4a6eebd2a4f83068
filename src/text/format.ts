import { numberOf } from './numberOf.ts';

/** Numbers for people, the same in every locale: point for decimals, comma for thousands, a blank before the unit. */

/** US$ with the digits that matter: "$1,234", "$12.35", "$1.67", "$0.207", "$0.0000123"; "$0" is exactly nothing. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (size === 0) return '$0';
  if (size >= 999.5) return `${sign}$${formatFixed(size, 0)}`;
  if (size >= 0.9995) return `${sign}$${formatFixed(size, 2)}`;
  return `${sign}$${formatFixed(size, Math.min(12, 2 - Math.floor(Math.log10(size))))}`;
}

/** A cost per invocation as US$ per million invocations. */
export function formatUsdPerMillion(costUsd: number): string {
  return formatUsd(costUsd * 1e6);
}

/** How long an invocation took: "0.85 ms", "12.3 ms", "252 ms", "2,520 ms", "12.3 s". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 9.995) return `${formatFixed(durationMs, 2)} ms`;
  if (durationMs < 99.95) return `${formatFixed(durationMs, 1)} ms`;
  if (durationMs < 9_999.5) return `${formatFixed(durationMs, 0)} ms`;
  return formatElapsed(durationMs);
}

/** How long a run took: "9.4 s", "1 min 12 s", "2 h 5 min". */
export function formatElapsed(durationMs: number): string {
  if (durationMs < 59_950) return `${formatFixed(durationMs / 1000, 1)} s`;
  const seconds = Math.round(durationMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${formatFixed(Math.floor(minutes / 60), 0)} h ${minutes % 60} min`;
}

/** A fraction as percent: "0.4 %", "35 %", "1,240 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  return `${formatFixed(percent, size >= 0.05 && size < 0.95 ? 1 : 0)} %`;
}

/** A share that somebody gave, with the decimal that it has: "5 %", "2.5 %". */
export function formatGivenShare(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** A share as options take it: "10%", "2.5%". */
export function shareOption(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}

/** How far two figures are apart, in percent without sign and unit, which the words around it tell: "3.1", "24". */
export function formatChange(share: number): string {
  return formatSignedChange(Math.abs(share));
}

/** The same with its sign where it is less: "3.1", "-24". */
export function formatSignedChange(share: number): string {
  const percent = share * 100;
  return formatFixed(percent, Math.abs(percent) < 9.95 ? 1 : 0);
}

/** "1,769 MB" */
export function formatMemory(memoryMb: number): string {
  return `${formatCount(memoryMb)} MB`;
}

/** "128, 512, 1,769 MB": each once, in the order of tables. */
export function formatMemorySizes(memoryMb: Iterable<number>): string {
  const sizes = [...new Set(memoryMb)].sort((one, other) => one - other);
  return `${sizes.map(formatCount).join(', ')} MB`;
}

/** "1 byte", "900 bytes", "1.2 KB", "3.4 MB" */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return numberOf(bytes, 'byte');
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** "12,000" */
export function formatCount(count: number): string {
  return formatFixed(count, 0);
}

export { numberOf as formatNumberOf } from './numberOf.ts';

/** Decimals and thousands; never "-0". */
export function formatFixed(value: number, decimals: number): string {
  const [whole = '0', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return /^-[0,.]*$/.test(text) ? text.slice(1) : text;
}

/**
 * How many decimals one column of a table gets, so that its points are below one another: three digits for its smallest
 * value, none once the largest has four.
 */
export function columnDecimals(values: readonly number[], most = 2): number {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return 0;
  const smallest = 2 - Math.floor(Math.log10(Math.min(...positive)));
  const largest = 3 - Math.floor(Math.log10(Math.max(...positive)));
  return Math.max(0, Math.min(smallest, largest, most));
}

/** For files that programs read: all the digits that mean something, no exponent, no thousands. */
export function formatPlainNumber(value: number): string {
  const rounded = Number(value.toPrecision(12));
  const text = String(rounded);
  if (!text.includes('e') || Math.abs(rounded) >= 1) return text;
  return rounded.toFixed(Math.min(30, 12 - Math.floor(Math.log10(Math.abs(rounded))))).replace(/\.?0+$/, '');
}
