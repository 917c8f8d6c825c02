import { ConfigError } from '../issue/config-error.js'
import { endSentence } from '../issue/end-sentence.js'
import { formatPath, type PathToken, printableSentence, toPointer } from '../issue/path.js'
import { lockRoot } from './config-lock.js'

/** What can be wrong with a lock file, to branch on. */
export type LockProblemCode =
  | 'NOT_A_LOCK'
  | 'LOCK_TOO_LARGE'
  | 'FORMAT_UNKNOWN'
  | 'SHAPE_INVALID'
  | 'DIGEST_MISMATCH'
  | 'SCHEMA_INVALID'
  | 'OTHER_DRIVER'

/** One problem of a lock file, complete without its neighbours. It repeats names from the file, and no text of it. */
export interface LockProblem {
  readonly code: LockProblemCode
  /** RFC 6901 pointer into the file. */
  readonly pointer: string
  /** The same place for people: `lock.versions["1"].schema`. */
  readonly path: string
  /** One sentence that starts with the path. */
  readonly message: string
  /** What to change. */
  readonly fix: string
}

/** A problem at a place of a lock file, or where another report found one; `what` is the sentence after the path. */
export function lockProblem(
  code: LockProblemCode,
  place: readonly PathToken[] | Pick<LockProblem, 'pointer' | 'path'>,
  what: string,
  fix: string,
): LockProblem {
  const { pointer, path } = 'path' in place ? place : { pointer: toPointer(place), path: formatPath(lockRoot, place) }
  const message = endSentence(`${path}: ${printableSentence(what)}`)
  return { code, pointer, path, message, fix: printableSentence(fix) }
}

/** Thrown for a lock file that cannot be used, with everything that is wrong with it. */
export class ConfigLockError extends ConfigError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.driver-config.ConfigLockError')
  override readonly name = 'ConfigLockError'
  /** Every problem, the first one first in the file. */
  readonly problems: readonly [LockProblem, ...LockProblem[]]

  constructor(problems: readonly [LockProblem, ...LockProblem[]]) {
    const [first, ...others] = problems
    const more = others.length === 0 ? '' : ` (+${others.length} more)`
    super({ kind: 'invalid-lock', message: `${first.message} ${first.fix}${more}`, hint: first.fix })
    this.problems = problems
  }
}
