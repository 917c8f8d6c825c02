import { isDeepStrictEqual } from 'node:util'
import { normalize } from './normalize.js'
import type { Json, JsonMap, Observed, Recording } from './recording.js'
import { namesOfBothLines } from './script-replies.js'

/** Something that one of the two gateways showed and the other did not. */
export interface Difference {
  /** Where in `observed` it stands, such as `client_results[2].message`. */
  readonly path: string
  /** What the real gateway showed; absent when it showed nothing there. */
  readonly recorded?: Json
  /** What this gateway showed; absent when it showed nothing there. */
  readonly replayed?: Json
}

const background = new Set(['WatchSandboxes', 'ListSandboxes', 'GetCapabilities', 'GetGatewayListenerRequirements'])
const sides = ['driver_calls', 'client_results', 'rows', 'gateway'] as const

/** Compares what a replay showed with what was recorded, by the rules of the recordings. */
export function compare(recording: Recording, replayed: Observed): Difference[] {
  return sides.flatMap((side) => {
    const [expected, actual] = [recording.observed, replayed].map((observed) => comparable(recording, observed)[side])
    return compareJson(side, expected, actual)
  })
}

function comparable({ area }: Recording, observed: Observed): Record<(typeof sides)[number], Json[]> {
  return {
    driver_calls: driverCalls(area, observed.driver_calls),
    client_results: observed.client_results.map((result) => withoutRace(normalize(result))),
    rows: observed.rows.map((row) => normalize(row)),
    gateway: observed.gateway.flatMap(gatewayEvent),
  }
}

function driverCalls(area: string, calls: readonly JsonMap[]): Json[] {
  const unordered = area === 'restart' || area === 'sweep'
  const kept = calls
    .filter(({ rpc }) => area === 'startup' || !background.has(String(rpc)))
    .filter(({ rpc }) => !(unordered && rpc === 'GetSandbox'))
    .map(({ step, rpc, request, cancelled }) =>
      normalize({
        step: step ?? null,
        rpc: rpc ?? null,
        ...(request !== undefined && { request: namesOfBothLines(request) }),
        ...(cancelled !== undefined && { cancelled }),
      }),
    )
  return unordered ? inAnyOrder(kept) : watchBeforeList(kept as JsonMap[])
}

// Their order inside a step is not fixed.
function inAnyOrder(calls: Json[]): Json[] {
  return calls
    .map((call) => [`${String((call as JsonMap)['step']).padStart(4)} ${JSON.stringify(call)}`, call] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, call]) => call)
}

// Which of the two comes first at a start is not fixed.
function watchBeforeList(calls: readonly JsonMap[]): Json[] {
  const ordered = [...calls]
  for (const [index, call] of ordered.entries()) {
    const next = ordered[index + 1]
    if (call['rpc'] !== 'ListSandboxes' || next?.['rpc'] !== 'WatchSandboxes') continue
    ordered[index] = next
    ordered[index + 1] = call
  }
  return ordered
}

// A stream whose sandbox is deleted ends in one of two ways, whichever comes first in the real gateway.
function withoutRace(result: Json): Json {
  const { end, ...others } = result as JsonMap
  if (end === undefined) return result
  return {
    ...others,
    end: isDeepStrictEqual(end, { code: 'CANCELLED', message: 'stream closed' }) ? { code: 'OK' } : end,
  }
}

// Log lines and the words of an exit differ by nature; whether and how a gateway starts and ends does not.
function gatewayEvent({ step, event, ready, exit_code: exitCode, path, ok, rpc, count }: JsonMap): Json[] {
  if (event === 'log') return []
  const shown = { step, event, ready, exit_code: exitCode ?? undefined, path, ok, rpc, count }
  return [Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as JsonMap]
}

function compareJson(path: string, recorded: Json | undefined, replayed: Json | undefined): Difference[] {
  if (isDeepStrictEqual(recorded, replayed)) return []
  if (Array.isArray(recorded) && Array.isArray(replayed)) {
    const longer = recorded.length > replayed.length ? recorded : replayed
    return longer.flatMap((_, index) => compareJson(`${path}[${index}]`, recorded[index], replayed[index]))
  }
  if (isMap(recorded) && isMap(replayed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])]
    return keys.flatMap((key) => compareJson(`${path}.${key}`, recorded[key], replayed[key]))
  }
  return [{ path, ...(recorded !== undefined && { recorded }), ...(replayed !== undefined && { replayed }) }]
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
