/** What AWS charges for reading what it keeps: US$, us-east-1 (AWS CloudWatch pricing, 2026). */

/** Logs Insights, per GB that a query scans. */
export const insightsGbUsd = 0.005;
/** GetMetricData, per metric; each statistic counts. */
export const metricUsd = 0.01 / 1000;

/** X-Ray, per trace that a query looks at, and per trace that is fetched [memory]. */
export const traceUsd = 0.5 / 1e6;

export const bytesPerGb = 1e9;
