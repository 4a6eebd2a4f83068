import type { Finding } from '../../migrate/preflight/inspection.ts';
import { runtimeSystemOf } from '../../migrate/preflight/runtimeSystem.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { PackageEvidence } from '../looking/evidence.ts';

/**
 * Libraries of Amazon Linux 2 that Amazon Linux 2023 has in another version only, or not at all: OpenSSL is 3 there, libxcrypt has
 * libcrypt.so.2, libffi is 3.4, PCRE is version 2. By what both distributions package; not compared with Lambda's own images, and a
 * layer may bring one: so a finding leaves open whether it runs.
 */
const onlyInAl2: readonly string[] = [
  'libssl.so.10',
  'libcrypto.so.10',
  'libcrypt.so.1',
  'libnsl.so.1',
  'libffi.so.6',
  'libreadline.so.6',
  'libpcre.so.1',
  'libgdbm.so.4',
  'libpython2.7.so.1.0',
];

interface Move {
  readonly where: string;
  readonly wanted: Architecture;
  readonly from: string | undefined;
  readonly runtime: string | undefined;
}

/** What compiled files take from the system of today's runtime, and the other runtime's has not; what the package brings itself is no matter. */
export function systemFindings(
  { natives }: PackageEvidence,
  { where, wanted, from, runtime }: Move,
): readonly Finding[] {
  const [before, now] = [runtimeSystemOf(from), runtimeSystemOf(runtime)];
  if (before?.name !== 'Amazon Linux 2' || now?.name !== 'Amazon Linux 2023') return [];
  const own = new Set(natives.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  return natives
    .filter(({ machine }) => machine === wanted)
    .flatMap(({ path, kind, linking }): readonly Finding[] => {
      const missing = (linking?.needed ?? []).filter((name) => onlyInAl2.includes(name) && !own.has(name));
      if (missing.length === 0) return [];
      const names = missing.join(', ');
      return [
        {
          where,
          path,
          kind,
          architecture: wanted,
          reason: `needs ${names}, which ${from} has (${before.name}) and ${runtime} has not (${now.name})`,
          cure: `Build it on ${now.name}, or put ${names} into the folder lib of the package.`,
          blocking: false,
        },
      ];
    });
}
