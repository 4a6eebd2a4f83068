/**
 * What Lambda itself writes of one call in text logs, in bytes as CloudWatch counts them (26 a line beside its own): START, END
 * and REPORT; of a cold start INIT_START, too, and a longer REPORT. Of JSON logs platform.start and platform.report. Counted
 * from real records; that Lambda's own lines are counted like others is not verified.
 */
export const lambdaLogBytes = {
  text: { warm: 266, cold: 466 },
  json: { warm: 380, cold: 380 },
} as const;
