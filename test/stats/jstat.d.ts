/** The parts of jstat that serve as oracles; the package has no types. */
declare module 'jstat' {
  interface Distribution {
    inv(p: number, ...parameters: number[]): number;
    cdf(x: number, ...parameters: number[]): number;
  }
  const jstat: {
    readonly jStat: {
      readonly normal: Distribution;
      readonly studentt: Distribution;
      readonly binomial: Distribution;
      readonly beta: Distribution;
      mean(values: readonly number[]): number;
      variance(values: readonly number[], sample: boolean): number;
      median(values: readonly number[]): number;
    };
  };
  export default jstat;
}
