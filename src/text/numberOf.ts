/** How many of what, in words that agree: "1 configuration", "12 configurations", "1,200 copies". The only place that knows a plural. */
export function numberOf(count: number, singular: string, plural = `${singular}s`): string {
  const digits = count.toFixed(0);
  return `${digits.replace(/\B(?=(\d{3})+$)/g, ',')} ${digits === '1' ? singular : plural}`;
}
