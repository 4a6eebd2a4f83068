import { escapeHtml } from '../../../text/escape.ts';

/**
 * JUnit XML that both schemas in use accept: Jenkins' junit-10.xsd (xunit-plugin) and the one of Ant's reports (windyroad's
 * JUnit.xsd). The second is why a case holds one element at most, why what cases say stands in the suite's output, and why
 * the time stamp has no zone. All texts may be foreign: they are escaped here.
 */

export interface JunitSuite {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly cases: readonly JunitCase[];
  /** Lines. */
  readonly output: readonly string[];
}

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly elapsedMs: number;
  /** Absent: passed. */
  readonly problem?: JunitProblem | undefined;
}

export interface JunitProblem {
  readonly kind: 'failure' | 'error' | 'skipped';
  /** A word of ours: "regressed", "outOfMemory". */
  readonly type: string;
  readonly message: string;
}

export function junitXml(suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flatMap((suite, index) => suiteLines(suite, index)),
    '</testsuites>',
    '',
  ].join('\n');
}

const longestLine = 1000;

function suiteLines(suite: JunitSuite, index: number): readonly string[] {
  const count = (kind: JunitProblem['kind']) => suite.cases.filter(({ problem }) => problem?.kind === kind).length;
  const attributes = {
    id: index,
    name: nameText(suite.name),
    package: 'lambda-tune',
    // Never the real one: it says something of the machine and nothing of the result.
    hostname: 'localhost',
    timestamp: suite.startedAt.slice(0, 19),
    time: seconds(suite.elapsedMs),
    tests: suite.cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
  return [
    `  <testsuite ${attributeText(attributes)}>`,
    '    <properties/>',
    ...suite.cases.map(caseLine),
    `    <system-out>${suite.output.map((line) => escapeHtml(line, longestLine)).join('\n')}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
  ];
}

function caseLine({ classname, name, elapsedMs, problem }: JunitCase): string {
  const attributes = attributeText({
    classname: `lambda-tune.${nameText(classname)}`,
    name: nameText(name),
    time: seconds(elapsedMs),
  });
  if (problem === undefined) return `    <testcase ${attributes}/>`;
  const { kind, type, message } = problem;
  // The message once more as text: GitLab shows that, Jenkins the attribute.
  const text = escapeHtml(message, longestLine);
  return `    <testcase ${attributes}><${kind} ${attributeText({ type, message: text })}>${text}</${kind}></testcase>`;
}

/** Names must not be empty. */
function nameText(text: string): string {
  return escapeHtml(text, 200).trim() || '(no name)';
}

function seconds(elapsedMs: number): string {
  return Math.max(0, elapsedMs / 1000).toFixed(6);
}

function attributeText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, text]) => `${name}="${text}"`)
    .join(' ');
}
