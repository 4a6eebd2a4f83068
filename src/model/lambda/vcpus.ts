/** "At 1,769 MB a function has the equivalent of one vCPU", and CPU is proportional to memory (AWS docs, configuration-memory). */
export const oneVcpuMb = 1769;

/** vCPUs that a memory size is worth: 128 → 0.072, 1769 → 1, 10240 → 5.79. */
export function vcpusOf(memoryMb: number): number {
  return memoryMb / oneVcpuMb;
}

/**
 * CPUs that a function sees, which is what thread pools and `nproc` go by: two at least, three from 3,009 MB, six at most
 * (measured on Lambda: github.com/rwnx/lambda-cpuinfo). How much of them it may use is its share alone.
 */
export function visibleCpus(memoryMb: number): number {
  const steps = [3008, 5307, 7076, 8845];
  return 2 + steps.filter((mostMb) => memoryMb > mostMb).length;
}
