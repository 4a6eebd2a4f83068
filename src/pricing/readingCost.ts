/** What AWS charges for reading what it keeps: US$, us-east-1 (AWS CloudWatch pricing, 2026). */

/** Logs Insights, per GB that a query scans. */
export const insightsGbUsd = 0.005;
/** GetMetricData, per metric; each statistic counts. */
export const metricUsd = 0.01 / 1000;
/** Ingestion of Lambda's logs, Standard class, first 10 TB of a month. */
export const logIngestionGbUsd = 0.5;

export const bytesPerGb = 1e9;
