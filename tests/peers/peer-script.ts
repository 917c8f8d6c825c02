import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** How one scenario of a peer script ended. */
export interface PeerResult {
  readonly scenario: string
  readonly outcome: 'pass' | 'fail' | 'skip'
  /** Why it did not pass; empty when it did. */
  readonly detail: string
}

/** How to run a peer script. */
export interface PeerScriptOptions {
  readonly python: string
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
  /** Scenarios whose names contain one of these words; all when it is empty. */
  readonly filters?: readonly string[]
  /** Hears of every result as it comes. */
  readonly onResult?: (result: PeerResult) => void
}

/**
 * Runs a peer script to its end.
 *
 * @throws Error with the script's last lines when it ended without its summary, or when the summary counts something else.
 */
export async function runPeerScript(options: PeerScriptOptions): Promise<PeerResult[]> {
  const { python, script, environment, filters = [], onResult } = options
  const child = spawn(python, [script, ...filters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', PYTHONUNBUFFERED: '1', ...environment },
  })
  const results: PeerResult[] = []
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      const result = parsePeerLine(line)
      if (!result) return
      results.push(result)
      onResult?.(result)
    })
  }
  await once(child, 'close')
  if (lines.includes(summaryOf(results))) return results
  throw new Error([`${script} ended without a true summary; its last lines:`, ...lines.slice(-10)].join('\n'))
}

/** Reads one line of a peer script's output; `undefined` when it is about no scenario. */
export function parsePeerLine(line: string): PeerResult | undefined {
  const [, outcome, scenario, detail = ''] = /^(PASS|FAIL|SKIP) ([^\s:]+)(?:: (.*))?$/.exec(line) ?? []
  if (outcome === undefined || scenario === undefined) return undefined
  return { scenario, outcome: outcome.toLowerCase() as PeerResult['outcome'], detail }
}

/** The last line of a script with these results. */
export function summaryOf(results: readonly PeerResult[]): string {
  const count = (wanted: PeerResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length
  return `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`
}
