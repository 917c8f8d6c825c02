import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue, type IssueFields, type IssueSite } from '../issue/config-issue.js'
import { bugReportSentence, defaultRoot, ownerTitle } from '../issue/owner-title.js'
import { parsePath } from '../issue/parse-path.js'
import type { PathToken } from '../issue/path.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { nodesAt } from '../schema/template-of.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { membersAt } from './members-at.js'
import { silencePromise } from './silence-promise.js'

/** Where a gate's issue goes: the pipeline maps places of the current version to the user's document. */
export type ReportGate = (code: IssueCode, tokens: readonly PathToken[], fields: IssueFields) => ConfigIssue

/** The issue about a block that the operator has not allowed at all; an empty block passes. */
export function disabledIssue(
  body: JsonObject,
  lineage: ConfigLineage,
  context: ParseContext,
  site: IssueSite,
): ConfigIssue[] {
  if (context.policy?.allowDriverConfig !== false || Object.keys(body).length === 0) return []
  const { root, owner, driverName } = lineage
  // Gateways have this setting for drivers only.
  const fix =
    root === defaultRoot
      ? 'Set allow_driver_config = true for the driver in the gateway configuration and start the driver with the same setting.'
      : `Ask the operator to allow ${root}.`
  const message = `${root} is disabled for ${owner} "${driverName}". ${fix}`
  return [createIssue(site, 'CONFIG_DISABLED', [], { message, fix })]
}

/** Experimental versions and fields that a block uses: warnings, or errors when the operator refuses them. */
export function experimentalIssues(
  body: JsonObject,
  version: ConfigVersion,
  context: ParseContext,
  site: IssueSite,
): ConfigIssue[] {
  const code = context.policy?.allowExperimental === false ? 'EXPERIMENTAL_NOT_ENABLED' : 'EXPERIMENTAL_USED'
  const isVersion = version.status === 'experimental' && Object.keys(body).length > 0
  const what = `schema_version ${version.number} is experimental and may change in any release`
  const issues = isVersion ? [createIssue(site, code, [], { problem: what })] : []
  if (!version.hasExperimentalFields) return issues
  return [...issues, ...experimentalMembers(version.node, body).map((tokens) => createIssue(site, code, tokens, {}))]
}

/** Runs the gates on the current version of a block. A gate that throws refuses the block, as the driver's fault. */
export function runGates(
  value: JsonObject,
  lineage: ConfigLineage,
  context: ParseContext,
  report: ReportGate,
): ConfigIssue[] {
  const policy = context.policy ?? {}
  const issues: ConfigIssue[] = []
  for (const each of lineage.gates) {
    try {
      const outcome: unknown = each.check({
        value: value as never,
        policy,
        refuse(path, { problem, fix }) {
          const tokens = typeof path === 'string' ? parsePath(path) : path
          issues.push(report('NOT_ALLOWED_BY_OPERATOR', tokens, { problem, fix, rule: each.name }))
        },
      })
      // What it would refuse later would be accepted now.
      if (silencePromise(outcome)) throw new TypeError('a gate must be synchronous')
    } catch {
      const fix = bugReportSentence(ownerTitle(lineage, context.driverVersion))
      const message = `${lineage.root}: the gate ${each.name} failed to run. ${fix}`
      issues.push(report('RULE_THREW', [], { message, fix, rule: each.name }))
    }
  }
  return issues
}

/** The experimental fields that a document uses, by the steps that lead to them. */
function experimentalMembers(node: SchemaNode, body: JsonValue): PathToken[][] {
  if (!isJsonObject(body)) return []
  const templates = new Set(listTemplates(node).map((entry) => entry.template))
  return [...templates]
    .filter((template) => nodesAt(node, template).some((each) => each.annotations['x-experimental'] === true))
    .flatMap((template) => membersAt(body, template).map((member) => member.tokens))
}

/** True when a field of a schema is experimental. */
export function hasExperimentalFields(node: SchemaNode): boolean {
  return listTemplates(node).some((entry) => entry.node.annotations['x-experimental'] === true)
}
