/** "At 1,769 MB a function has the equivalent of one vCPU", and CPU is proportional to memory (AWS docs, configuration-memory). */
export const oneVcpuMb = 1769;

/** vCPUs that a memory size is worth: 128 → 0.072, 1769 → 1, 10240 → 5.79. */
export function vcpusOf(memoryMb: number): number {
  return memoryMb / oneVcpuMb;
}
