import type { JsonValue } from '../envelope/json-value.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { type PathToken, printableKey } from '../issue/path.js'
import { nodesAt } from '../schema/template-of.js'
import type { ConfigLineage } from './lineage.js'
import { membersAt } from './members-at.js'
import type { ResourceCheck, ResourceState } from './resource-check.js'
import { sortByDocument } from './sort-by-document.js'

/** Options of `checkResources`. */
export interface CheckResourcesOptions {
  /** Ends all lookups; those that are still open are reported as failed. */
  readonly signal?: AbortSignal
  /** Time for all lookups together. @default 5000 */
  readonly timeoutMs?: number
}

/** At most this many names are looked up in one call; more are reported as failed. */
const maximumLookups = 64

/** Looks up everything that a value of the current version names. Never throws: what fails is an issue. */
export async function checkResources(
  value: JsonValue,
  lineage: ConfigLineage,
  options: CheckResourcesOptions,
): Promise<readonly ConfigIssue[]> {
  const checks = lineage.resources
  if (checks.length === 0) return []
  const { signal, timeoutMs = 5_000 } = options
  const deadline = AbortSignal.timeout(timeoutMs)
  const ends = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
  // One listener for all lookups: many on one signal look like a leak.
  const ended = rejectWhenAborted(ends)
  const answers = new Map<string, Promise<ResourceState>>()
  const found = checks.flatMap((check) => namesAt(value, check).map((name) => ({ check, ...name })))
  const issues = found.map(async ({ check, name, tokens, isJudgeable }): Promise<ConfigIssue[]> => {
    const key = JSON.stringify([check.what, name])
    const isNew = !answers.has(key)
    const answer = answers.get(key) ?? (answers.size < maximumLookups ? lookUp(check, name, ends, ended) : tooMany())
    if (isNew) answers.set(key, answer)
    const site = { root: lineage.root, schemaVersion: lineage.max }
    const state = isJudgeable ? await answer.catch(() => 'failed' as const) : 'failed'
    if (state === 'found') return []
    const named = isPrintable(check.path, lineage) ? `${check.what} "${printableKey(name)}"` : check.what
    const { code, problem } = describeState(state, named)
    return [createIssue(site, code, tokens, { problem })]
  })
  return sortByDocument((await Promise.all(issues)).flat(), value)
}

interface ResourceName {
  readonly name: string
  readonly tokens: readonly PathToken[]
  /** False when the check could not tell whether it applies. */
  readonly isJudgeable: boolean
}

function namesAt(value: JsonValue, check: ResourceCheck): ResourceName[] {
  const cut = check.path.lastIndexOf('.')
  const [parentPath, last] = cut === -1 ? ['', check.path] : [check.path.slice(0, cut), check.path.slice(cut + 1)]
  return membersAt(value, parentPath).flatMap((parent) => {
    const applies = judgeParent(check, parent.value)
    if (applies === 'no') return []
    return membersAt(parent.value, last).flatMap((member) => {
      const tokens = [...parent.tokens, ...member.tokens]
      return typeof member.value === 'string' ? [{ name: member.value, tokens, isJudgeable: applies === 'yes' }] : []
    })
  })
}

function judgeParent({ applies }: ResourceCheck, parent: JsonValue): 'yes' | 'no' | 'unknown' {
  try {
    return applies?.(parent) === false ? 'no' : 'yes'
  } catch {
    return 'unknown'
  }
}

/** True when the author has declared that values of the field may be shown. */
function isPrintable(path: string, lineage: ConfigLineage): boolean {
  const nodes = nodesAt(lineage.current.node, path)
  return nodes.length > 0 && nodes.every(({ annotations }) => annotations['x-printable'] === true)
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // Nobody may be waiting when the time is over.
  ended.catch(() => undefined)
  return ended
}

async function lookUp(
  check: ResourceCheck,
  name: string,
  signal: AbortSignal,
  ended: Promise<never>,
): Promise<ResourceState> {
  signal.throwIfAborted()
  return await Promise.race([ended, check.lookUp(name, signal)])
}

async function tooMany(): Promise<never> {
  throw new Error('too many lookups')
}

// A lookup in JavaScript may answer anything; what is not known to be there was not looked up.
function describeState(state: Exclude<ResourceState, 'found'> | 'failed', what: string) {
  switch (state) {
    case 'not-found':
      return { code: 'RESOURCE_NOT_FOUND', problem: `the ${what} does not exist` } as const
    case 'not-usable':
      return { code: 'RESOURCE_NOT_USABLE', problem: `the ${what} cannot be used` } as const
    case 'not-allowed':
      return { code: 'NOT_ALLOWED_BY_OPERATOR', problem: `the ${what} is not allowed here` } as const
    default:
      return { code: 'RESOURCE_CHECK_FAILED', problem: `the ${what} could not be looked up` } as const
  }
}
