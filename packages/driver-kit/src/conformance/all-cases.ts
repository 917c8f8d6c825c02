import { configCases } from './config-cases.js'
import type { ConformanceCase } from './conformance-case.js'
import { ConformanceError } from './conformance-error.js'
import { handshakeCases } from './handshake-cases.js'
import { idempotencyCases } from './idempotency-cases.js'
import { lifecycleCases } from './lifecycle-cases.js'
import type { PublishedIndex } from './published-index.js'
import { requestCases } from './request-cases.js'
import { restartCases } from './restart-cases.js'
import { slowReaderCase } from './slow-reader-case.js'
import { statusCases } from './status-cases.js'
import { vectorCases } from './vector-cases.js'
import { watchCases } from './watch-cases.js'
import { wireCases } from './wire-cases.js'
import type { WireLine } from './wire-line.js'

/** All cases, as data. Without published schemas the groups that are made from them have one case each, which is skipped. */
export function allCases(index: PublishedIndex | undefined, vectors?: unknown): readonly ConformanceCase[] {
  return [
    ...handshakeCases,
    ...lifecycleCases,
    ...idempotencyCases,
    ...watchCases,
    slowReaderCase,
    ...statusCases,
    ...requestCases,
    ...wireCases(index),
    ...configCases(index),
    ...(vectors === undefined ? [] : vectorCases(vectors)),
    ...restartCases,
  ]
}

/**
 * The cases of some lines, each with the line that it runs on.
 *
 * @throws ConformanceError `no-such-case` when an entry of `only` names neither a group nor a case.
 */
export function selectCases(
  index: PublishedIndex | undefined,
  {
    lines,
    only,
    vectors,
  }: { readonly lines: readonly WireLine[]; readonly only?: readonly string[] | undefined; readonly vectors?: unknown },
): ReadonlyMap<WireLine, readonly ConformanceCase[]> {
  const all = allCases(index, vectors)
  const unknown = only?.find((name) => !all.some(({ id }) => isNamed(id, name)))
  if (unknown !== undefined || only?.length === 0) {
    const groups = [...new Set(all.map(({ id }) => id.split('/')[0]))].join(', ')
    throw new ConformanceError(
      'no-such-case',
      `No case matches "${unknown ?? ''}"; write GROUP/CASE, or one of the groups ${groups}.`,
    )
  }
  const chosen = all.filter(({ id }) => only === undefined || only.some((name) => isNamed(id, name)))
  return new Map(lines.map((line) => [line, chosen.filter((one) => one.lines?.includes(line) ?? true)]))
}

function isNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}/`)
}
