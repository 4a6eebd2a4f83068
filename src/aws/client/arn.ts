/** By prefix of the region's name; the isolated ones are [memory]. */
const partitions = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
] as const;

export function partitionOf(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** Unlike a name it says in which account: another account's credentials are then refused instead of finding nothing. */
export function functionArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${name}`;
}

/** As ListTagsForResource wants it: without the `:*` that DescribeLogGroups puts at the end. */
export function logGroupArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${name}`;
}

export function accountOf(arn: string): string | undefined {
  return /^arn:[a-z-]+:[a-z]+:[a-z0-9-]*:(\d{12}):/.exec(arn)?.[1];
}
