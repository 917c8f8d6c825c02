import { proveReplacements } from '../define/prove-places.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import type { Replacements } from '../issue/version-hints.js'
import { bindOperations } from '../operations/bind-operations.js'
import { type OperationList, operations } from '../operations/operations.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import type { BundleHop } from './bundle-data.js'
import { type BundleProblem, bundleProblem, stepsInto } from './bundle-problem.js'
import { isPortable, nestedOperations, readOperations } from './read-operations.js'

/** A step as a declaration has it; without `up` only the driver can take it. */
export interface ReadHop {
  readonly up?: OperationList
  readonly replaces: Replacements
}

/** Reads one step and proves it against the schemas on both sides. */
export function readHop(
  hop: BundleHop,
  [before, node]: readonly [SchemaNode, SchemaNode],
  place: readonly PathToken[],
  problems: BundleProblem[],
): ReadHop {
  const { ops, down, replaces } = hop
  const prove = (where: readonly PathToken[], run: () => void): boolean => {
    try {
      run()
      return true
    } catch (error) {
      if (!(error instanceof SchemaProblem)) throw error
      problems.push(bundleProblem('MIGRATION_INVALID', where, error.problem))
      return false
    }
  }
  for (const [from, to] of Object.entries(replaces)) {
    prove([...place, 'replaces', from], () => proveReplacements({ [from]: to }, before, node))
  }
  if (!isPortable(ops)) return { replaces }
  const steps = readSteps(ops, [...place, 'ops'], problems)
  if (steps === undefined) return { replaces }
  const isBound = prove([...place, 'ops'], () => {
    const bound = bindOperations(steps, before, node)
    if (down !== 'operations' || bound.down !== undefined) return
    throw new SchemaProblem('', 'have no way back, and the step says that they have one.', '')
  })
  return isBound ? { up: operations(...steps), replaces } : { replaces }
}

function readSteps(ops: readonly JsonObject[], place: readonly PathToken[], problems: BundleProblem[]) {
  try {
    return readOperations(ops)
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error
    problems.push(
      bundleProblem(
        'MIGRATION_INVALID',
        [...place, ...stepsInto(error.pointer)],
        error.problem.replace(/^operation[^:]*: /, ''),
      ),
    )
    return undefined
  }
}

/** How many operations there are, at all levels. */
export function countOperations(ops: readonly JsonValue[]): number {
  return ops.reduce<number>((sum, op) => sum + 1 + countOperations(nestedOperations(op)), 0)
}
