/** The Amazon Linux below a runtime, and its C library: glibc 2.`glibcMinor`. */
export interface RuntimeSystem {
  readonly name: 'Amazon Linux 2023' | 'Amazon Linux 2' | 'Amazon Linux 1';
  readonly glibcMinor: number;
}

const al2023 = { name: 'Amazon Linux 2023', glibcMinor: 34 } as const;
const al2 = { name: 'Amazon Linux 2', glibcMinor: 26 } as const;
const al1 = { name: 'Amazon Linux 1', glibcMinor: 17 } as const;

/** First version of each language on Amazon Linux 2023, and on Amazon Linux 2 (AWS docs, lambda-runtimes). */
const firsts: Readonly<Record<string, readonly [al2023: number, al2: number]>> = {
  nodejs: [20, 10],
  'python3.': [12, 8],
  java: [21, 11],
  dotnet: [8, 6],
  'ruby3.': [3, 2],
};

/** Undefined for runtimes that are not known here. */
export function runtimeSystemOf(runtime: string | undefined): RuntimeSystem | undefined {
  if (runtime === undefined) return undefined;
  if (runtime.endsWith('.al2023')) return al2023;
  if (runtime.endsWith('.al2') || runtime === 'ruby2.7' || runtime === 'dotnetcore3.1') return al2;
  const [, language = '', version = ''] = /^(nodejs|python3\.|java|dotnet|ruby3\.)(\d+)(?:\.x)?$/.exec(runtime) ?? [];
  const [inAl2023, inAl2] = firsts[language] ?? [];
  if (inAl2023 === undefined || inAl2 === undefined) return undefined;
  if (Number(version) >= inAl2023) return al2023;
  return Number(version) >= inAl2 ? al2 : al1;
}
