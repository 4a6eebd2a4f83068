import { describe, expect, it } from 'vitest';
import { livenessOf, type ProcessIdentity, type ProcessView } from '../../src/state/liveness.ts';

const writer: ProcessIdentity = {
  host: 'build-7',
  pid: 4711,
  startedAt: '141497',
  boot: '407e24ac',
  pidNamespace: 'pid:[4026531836]',
  machine: '3d1219c7c4c5404a',
};

const here = { host: 'build-7', boot: '407e24ac', pidNamespace: 'pid:[4026531836]', machine: '3d1219c7c4c5404a' };

function view(
  startOf: string | undefined,
  change: Partial<ProcessView['here']> = {},
  exists: boolean | 'never asked' = 'never asked',
): ProcessView {
  return {
    here: { ...here, ...change },
    startOf: (pid) => (pid === 4711 ? startOf : 'gone'),
    exists: () => {
      if (exists === 'never asked') throw new Error('signal 0 was asked although the process table answers');
      return exists;
    },
  };
}

describe('livenessOf', () => {
  it('is alive when the pid exists and started at the same tick', () => {
    expect(livenessOf(writer, view('141497'))).toBe('alive');
  });

  it('is dead when the pid is gone', () => {
    expect(livenessOf(writer, view('gone'))).toBe('dead');
  });

  it('does not take a later process with the same pid for the writer', () => {
    expect(livenessOf(writer, view('999999'))).toBe('dead');
  });

  it('knows nothing of processes on another host', () => {
    expect(livenessOf(writer, view('gone', { host: 'build-8' }))).toBe('unknown');
  });

  it('knows nothing of processes in another container of the same host name', () => {
    expect(livenessOf(writer, view('gone', { pidNamespace: 'pid:[4026532999]' }))).toBe('unknown');
  });

  it('is dead after a reboot of the same installation, whatever runs under its pid now', () => {
    expect(livenessOf(writer, view('141497', { boot: 'another' }))).toBe('dead');
  });

  it('does not take another machine of the same name for a reboot', () => {
    expect(livenessOf(writer, view('gone', { boot: 'another', machine: 'ffff' }))).toBe('unknown');
    const { machine: _, ...nameless } = writer;
    expect(livenessOf(nameless, view('gone', { boot: 'another' }))).toBe('unknown');
  });

  it('proves a death by signal 0 where start times cannot be read, but never a life', () => {
    const writerOnMac = { host: 'mac', pid: 4711 };
    const mac = (exists: boolean): ProcessView => ({
      here: { host: 'mac' },
      startOf: () => undefined,
      exists: () => exists,
    });
    expect(livenessOf(writerOnMac, mac(false))).toBe('dead');
    expect(livenessOf(writerOnMac, mac(true))).toBe('unknown');
  });
});
