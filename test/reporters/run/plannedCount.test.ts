import { describe, expect, it } from 'vitest';
import { configurationsText } from '../../../src/reporters/wording/runWording.ts';
import { emptyRow, run } from '../buildRun.ts';

describe('how many configurations a run had', () => {
  it('is without those of the architecture that this machine is not, also where nothing was measured to project', () => {
    const configurations = (['x86_64', 'arm64'] as const).flatMap((architecture) =>
      [512, 1024].map((memoryMb) => emptyRow({ memoryMb, architecture }, 'unmeasured', 'dry run')),
    );
    const emulation = { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 } as const;
    const dry = run({ ended: 'dryRun', configurations });
    expect(configurationsText({ ...dry, backend: 'local', emulation })).toContain('2 configurations');
    expect(configurationsText(dry)).toContain('4 configurations');
  });
});
