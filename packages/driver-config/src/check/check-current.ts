import type { JsonObject } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue, type IssueFields, type IssueSite } from '../issue/config-issue.js'
import { ownerTitle } from '../issue/owner-title.js'
import { fromPointer, type PathToken } from '../issue/path.js'
import type { CheckedBlock } from './check-declared.js'
import { runGates } from './gates.js'
import type { ConfigLineage, ParseContext } from './lineage.js'
import { findOrigin } from './provenance.js'
import { runRules } from './rules.js'

/**
 * Rules of the current version, for a document of an older one, and the operator's gates. Their places are mapped back to the
 * document that the user wrote; what has no origin there is reported at the root.
 */
export function checkCurrent(
  checked: CheckedBlock,
  value: JsonObject,
  lineage: ConfigLineage,
  context: ParseContext,
): ConfigIssue[] {
  const site = { root: lineage.root, schemaVersion: checked.version.number }
  const gates = runGates(value, lineage, context, (code, tokens, fields) =>
    placeIssue({ checked, lineage, site }, code, tokens, fields),
  )
  if (checked.version.number === lineage.max || checked.issues.some((issue) => issue.severity === 'error')) return gates
  const { request = {} } = context
  const currentSite = { root: lineage.root, schemaVersion: lineage.max }
  const situation = {
    site: currentSite,
    node: lineage.current.node,
    request,
    title: ownerTitle(lineage, context.driverVersion),
  }
  const rules = runRules(lineage.current.rules, value, [], situation).map((issue) => {
    const problem = issue.message.startsWith(`${issue.path}: `)
      ? issue.message.slice(issue.path.length + 2)
      : issue.message
    const { fix, severity, rule } = issue
    return placeIssue({ checked, lineage, site }, issue.code, fromPointer(issue.pointer), {
      problem,
      fix,
      severity,
      rule,
    })
  })
  return [...rules, ...gates]
}

interface Origin {
  readonly checked: CheckedBlock
  readonly lineage: ConfigLineage
  readonly site: IssueSite
}

function placeIssue(origin: Origin, code: IssueCode, tokens: readonly PathToken[], fields: IssueFields): ConfigIssue {
  const { checked, lineage, site } = origin
  if (checked.version.number === lineage.max) return createIssue(site, code, tokens, fields)
  const place = findOrigin(tokens, checked.version.number, checked.body, lineage)
  if (place !== undefined) return createIssue(site, code, place, { ...fields, otherVersion: lineage.max })
  const problem = `${fields.problem ?? 'is refused'} (after upgrade to schema_version ${lineage.max})`
  return createIssue(site, code, [], { ...fields, problem, otherVersion: lineage.max })
}
