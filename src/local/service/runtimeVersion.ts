/** No build of AWS's: the shape of one. */
export function runtimeVersionArn(region: string): string {
  return `arn:aws:lambda:${region}::runtime:${'0'.repeat(64)}`;
}

/** `python3.13` → `python:3.13.tune-local`: the service's shape, without pretending to be one of its builds. */
export function runtimeVersion(runtime: string): string {
  return `${runtime.replace(/^([a-z]+)(\d)/, '$1:$2')}.tune-local`;
}
