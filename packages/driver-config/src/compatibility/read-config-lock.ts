import { guardValue } from '../check/guard.js'
import { checkStructure } from '../check/structure.js'
import { StructureReport } from '../check/structure-report.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { stepsInto } from '../publish/bundle-problem.js'
import { digestJsonSchema } from '../schema/schema-digest.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { type ConfigLock, lockFormat, lockRoot } from './config-lock.js'
import { ConfigLockError, type LockProblem, lockProblem } from './config-lock-error.js'
import { lockShape } from './lock-shape.js'
import { lockedNode } from './locked-node.js'

/** Much more than 60 versions with 100 fields take; nothing is read that is larger. */
const limits = { encodedBytes: 4_194_304, depth: 96, keys: 131_072, keyLength: 512, stringLength: 16_384, items: 4_096 }

const site = { root: lockRoot, schemaVersion: 0 }
const whatToGive = 'Give the driver-config.lock.json of the driver, as it was committed.'
const restore = 'Restore the file from the repository; what is released is never edited.'

/**
 * Reads a lock file, as text or as the JSON that it holds. Bounded before anything recurses, and held to its own digests.
 *
 * @throws ConfigLockError with every problem of the file.
 */
export function readConfigLock(source: unknown): ConfigLock {
  const guarded = guardValue(typeof source === 'string' ? parseText(source) : source, limits, site)
  if (!guarded.ok) throw refuse(guarded.issues.map(guardProblem))
  const format = findFormatProblem(guarded.value)
  if (format !== undefined) throw refuse([format])
  const report = new StructureReport(site, lockShape(), [], true)
  checkStructure(lockShape(), guarded.value, report)
  if (report.issues.length > 0) throw refuse(report.issues.map(shapeProblem))
  // The report has held its shape against what the type says.
  const lock = guarded.value as unknown as ConfigLock
  const problems = Object.keys(lock.versions).flatMap((number) => proveVersion(lock, number))
  if (problems.length > 0) throw refuse(problems)
  return lock
}

function refuse(problems: readonly LockProblem[]): ConfigLockError {
  const [first, ...others] = problems
  if (first === undefined) throw new TypeError('a refusal needs a problem')
  return new ConfigLockError([first, ...others])
}

function parseText(source: string): JsonValue {
  if (source.length > limits.encodedBytes) {
    throw refuse([lockProblem('LOCK_TOO_LARGE', [], `is longer than ${limits.encodedBytes} characters`, whatToGive)])
  }
  try {
    return JSON.parse(source) as JsonValue
  } catch {
    // What the parser says repeats the text.
    if (!/^<{7} /m.test(source)) throw refuse([lockProblem('NOT_A_LOCK', [], 'is not JSON', whatToGive)])
    const fix = 'Take the file of the base branch, and record the config again with "config check --update".'
    throw refuse([lockProblem('NOT_A_LOCK', [], 'has the marks of a merge that is not finished', fix)])
  }
}

function guardProblem({ code, pointer, message, path }: ConfigIssue): LockProblem {
  const what = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
  const isLarge = /_TOO_|^ITEM_COUNT/.test(code)
  return lockProblem(isLarge ? 'LOCK_TOO_LARGE' : 'NOT_A_LOCK', { pointer, path }, what, whatToGive)
}

function findFormatProblem(value: JsonValue): LockProblem | undefined {
  const format = isJsonObject(value) ? value['lock_format'] : undefined
  if (format === undefined) return lockProblem('NOT_A_LOCK', [], 'has no "lock_format"', whatToGive)
  if (format === lockFormat) return undefined
  if (typeof format !== 'number') {
    return lockProblem('FORMAT_UNKNOWN', ['lock_format'], 'is not a format number', whatToGive)
  }
  const what = `is ${format}, but this release of @openshell-ts/driver-config reads format ${lockFormat}`
  return lockProblem('FORMAT_UNKNOWN', ['lock_format'], what, 'Upgrade @openshell-ts/driver-config.')
}

/** A lock has no versions of its own, which reports of blocks speak of. */
function shapeProblem({ code, pointer, path, message, suggestion }: ConfigIssue): LockProblem {
  const unknown = `is not known${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`
  const what = code === 'UNKNOWN_FIELD' ? unknown : message.slice(path.length + 2)
  return lockProblem('SHAPE_INVALID', { pointer, path }, what, 'Correct it, or restore the file from the repository.')
}

function proveVersion({ versions }: ConfigLock, number: string): LockProblem[] {
  const version = versions[number]
  if (version === undefined) return []
  const digests = digestJsonSchema(version.schema as JsonObject)
  const mismatches = (['shape', 'text'] as const)
    .filter((name) => digests[name] !== version[`${name}_digest`])
    .map((name) => {
      const what = 'is not the digest of the schema beside it'
      return lockProblem('DIGEST_MISMATCH', ['versions', number, `${name}_digest`], what, restore)
    })
  if (mismatches.length > 0) return mismatches
  try {
    lockedNode(version)
    return []
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error
    const place = ['versions', number, 'schema', ...stepsInto(error.pointer)]
    const fix = 'Upgrade @openshell-ts/driver-config to the release that wrote the file.'
    return [lockProblem('SCHEMA_INVALID', place, error.problem, fix)]
  }
}
