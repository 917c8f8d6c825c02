import type { ConfigVersion } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import { portableRules } from '../define/portable-rules.js'
import type { JsonValue } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { formatIssues } from '../issue/format-issues.js'
import { fromPointer } from '../issue/path.js'
import { nodesAt, templateOf } from '../schema/template-of.js'
import { type SchemaCompiler, toCheck } from './schema-compiler.js'
import { type Judge, type Subject, stampDocument } from './subject.js'

// A schema describes the structure. Secrets and the size of a block as a whole are looked at by the driver alone.
const driverOnly = /^(?:SECRET_|CONFIG_TOO_|KEY_TOO_LONG|STRING_TOO_LONG|KEY_FORBIDDEN|VALUE_NOT_JSON|RULE_THREW)/

/** Whoever checks a block with the published schema gets the driver's verdict on its structure, in both directions. */
export function judgePublished({ config }: Subject, compileSchema: SchemaCompiler): Judge {
  const compiled = new Map<number, (document: unknown) => boolean>()
  const acceptsIn = (version: number): ((document: unknown) => boolean) => {
    const known = compiled.get(version)
    if (known !== undefined) return known
    const accepts = toCheck(compileSchema(config.at(version)?.schema ?? {}))
    compiled.set(version, accepts)
    return accepts
  }
  return (document, version) => {
    const block = toJson(stampDocument(document, version.number))
    // A block that declares another version is a matter of that version's schema.
    if (!declares(block, version.number)) return undefined
    const result = config.check(block)
    if (!isStructural(result, version)) return undefined
    const isAccepted = acceptsIn(version.number)(block)
    if (isAccepted === result.ok) return undefined
    return result.ok
      ? 'the driver accepts it, and the published schema does not'
      : `the published schema accepts it, and the driver does not: ${formatIssues(result.issues)}`
  }
}

/** False when the verdict rests on what no schema says, or when unknown keys are let through for old users. */
function isStructural(result: CheckResult<unknown>, version: ConfigVersion): boolean {
  if (result.ok) return !result.warnings.some((warning) => warning.code === 'UNKNOWN_FIELD')
  const written = new Set(portableRules(version).map(({ name, revision = 1 }) => `${name}@${revision}`))
  return result.issues.some(({ code, rule, otherVersion, pointer }) => {
    if (driverOnly.test(code) || isInBag(pointer, version)) return false
    // A rule of the current version judges what becomes of the document there.
    return rule === undefined || (otherVersion === undefined && written.has(rule))
  })
}

/** True for places in JSON that is passed on, where the driver knows limits that the schema leaves open. */
function isInBag(pointer: string, version: ConfigVersion): boolean {
  const tokens = fromPointer(pointer)
  return tokens.some((_, index) =>
    nodesAt(version.node, templateOf(version.node, tokens.slice(0, index + 1))).some((node) => node.kind === 'opaque'),
  )
}

function declares(block: JsonValue, version: number): boolean {
  return typeof block === 'object' && block !== null && Reflect.get(block, markerKey) === version
}

/** The document as it travels: `-0` and keys such as `__proto__` are what JSON makes of them. */
function toJson(document: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(document)) as JsonValue
}
