import type { ConfigIssue } from './config-issue.js'
import { endSentence } from './end-sentence.js'

/** The issues as text for people: a line for each problem, and below it what to change. */
export function formatIssues(issues: readonly ConfigIssue[]): string {
  return issues.map(formatIssue).join('\n')
}

/** One issue in one line: the message, then what to change, unless the message says that already. */
export function describeIssue(issue: ConfigIssue): string {
  const fix = separateFix(issue)
  if (fix === undefined) return issue.message
  return `${endSentence(issue.message)} ${fix}`
}

function formatIssue(issue: ConfigIssue): string {
  const fix = separateFix(issue)
  const line = issue.severity === 'warning' ? `warning: ${issue.message}` : issue.message
  return fix === undefined ? line : `${line}\n  fix: ${fix}`
}

function separateFix(issue: ConfigIssue): string | undefined {
  return issue.fix === undefined || issue.message.endsWith(issue.fix) ? undefined : issue.fix
}
