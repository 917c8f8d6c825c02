import { endSentence } from '../issue/end-sentence.js'
import { formatPath, fromPointer, type PathToken, printableSentence, toPointer } from '../issue/path.js'

/** What can be wrong with a bundle, to branch on. */
export type BundleProblemCode =
  | 'NOT_A_BUNDLE'
  | 'BUNDLE_TOO_LARGE'
  | 'FORMAT_UNKNOWN'
  | 'SHAPE_INVALID'
  | 'DIGEST_MISMATCH'
  | 'VERSION_INVALID'
  | 'SCHEMA_INVALID'
  | 'RULE_INVALID'
  | 'DEPRECATION_INVALID'
  | 'MIGRATION_INVALID'
  | 'EXAMPLE_INVALID'

/** One problem of a bundle, complete without its neighbours. It repeats names from the bundle, and no text of it. */
export interface BundleProblem {
  readonly code: BundleProblemCode
  /** RFC 6901 pointer into the bundle. */
  readonly pointer: string
  /** The same place for people: `bundle.x-bundle.versions[0]`. */
  readonly path: string
  /** One sentence that starts with the path. */
  readonly message: string
  /** What to change. */
  readonly fix: string
}

/** Name of the document in paths. */
export const bundleRoot = 'bundle'

/** What to do about a bundle that contradicts itself. */
export const publishAgain = 'Take the bundle from its publisher again; who publishes it, publishes it anew.'

/** A problem at a place of a bundle; `what` is the sentence after the path. */
export function bundleProblem(
  code: BundleProblemCode,
  tokens: readonly PathToken[],
  what: string,
  fix: string = publishAgain,
): BundleProblem {
  return problemAt(code, { pointer: toPointer(tokens), path: formatPath(bundleRoot, tokens) }, what, fix)
}

/** The same at a place that another report names already. */
export function problemAt(
  code: BundleProblemCode,
  { pointer, path }: Pick<BundleProblem, 'pointer' | 'path'>,
  what: string,
  fix: string = publishAgain,
): BundleProblem {
  return {
    code,
    pointer,
    path,
    message: endSentence(`${path}: ${printableSentence(what)}`),
    fix: printableSentence(fix),
  }
}

/** The steps of a pointer into a schema or a list, in which numbers are places in lists. */
export function stepsInto(pointer: string): readonly PathToken[] {
  return fromPointer(pointer).map((token) => (/^\d+$/.test(token) ? Number(token) : token))
}
