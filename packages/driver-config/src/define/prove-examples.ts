import type { ConfigLineage } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import { parseBlock } from '../check/parse.js'
import { formatIssues } from '../issue/format-issues.js'
import type { VersionDeclaration } from './config-chain.js'
import { DefinitionError } from './definition-error.js'

/** Refuses examples that their version does not accept, or that do not survive the way to the current version. */
export function proveExamples(declared: VersionDeclaration, lineage: ConfigLineage): void {
  for (const [name, value] of Object.entries(declared.options.examples ?? {})) {
    const block: unknown = { ...(value as object), [markerKey]: declared.number }
    const result = parseBlock(block, lineage, {})
    if (result.ok) continue
    const problem = `the example "${name}" is refused: ${formatIssues(result.issues)}.`
    throw new DefinitionError({
      driverName: lineage.driverName,
      version: declared.number,
      problem,
      hint: 'Correct it.',
    })
  }
}
