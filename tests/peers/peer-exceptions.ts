import { readFileSync } from 'node:fs'
import type { PeerLine } from './peer-lines.js'
import type { PeerResult } from './peer-script.js'

/** A scenario of an official client that is known not to pass. */
export interface PeerException {
  readonly line: PeerLine['line']
  readonly scenario: string
  readonly outcome: 'fail' | 'skip'
  /** Why that is right, or cannot be helped. */
  readonly reason: string
}

/** Reads the list that is kept beside the scripts. */
export function readPeerExceptions(): readonly PeerException[] {
  return JSON.parse(readFileSync(new URL('../peers/peer-exceptions.json', import.meta.url), 'utf8'))
}

/** What is wrong with a run, one sentence each: all that is neither passed nor listed, and all that is listed for nothing. */
export function peerProblems(
  line: PeerLine['line'],
  results: readonly PeerResult[],
  exceptions: readonly PeerException[],
): string[] {
  const own = exceptions.filter((entry) => entry.line === line)
  const unexpected = results.flatMap(({ scenario, outcome, detail }) => {
    const listed = own.find((entry) => entry.scenario === scenario)
    if (outcome === (listed?.outcome ?? 'pass')) return []
    if (outcome === 'pass') return [`${scenario} passes; take it off peer-exceptions.json.`]
    return [`${scenario} is no pass but a ${outcome}: ${detail}`]
  })
  const ran = new Set(results.map(({ scenario }) => scenario))
  const unknown = own.filter(({ scenario }) => !ran.has(scenario))
  return [
    ...unexpected,
    ...unknown.map(({ scenario }) => `${scenario} is listed, but the script has no such scenario.`),
  ]
}
