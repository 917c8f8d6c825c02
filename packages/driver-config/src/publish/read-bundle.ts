import { guardValue } from '../check/guard.js'
import { checkStructure } from '../check/structure.js'
import { StructureReport } from '../check/structure-report.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { type BundleDocument, bundleFormat, bundleKeyword } from './bundle-data.js'
import { type BundleProblem, bundleProblem, bundleRoot, problemAt } from './bundle-problem.js'
import { bundleShape } from './bundle-shape.js'

/** A bundle whose shape is proven, or why there is none. */
export type ReadBundle =
  | { readonly ok: true; readonly document: BundleDocument; readonly json: JsonObject }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] }

/** Much more than the bundle of 20 versions with 100 fields takes; nothing is read that is larger. */
const limits = { encodedBytes: 1_048_576, depth: 96, keys: 32_768, keyLength: 512, stringLength: 16_384, items: 4_096 }

const whatToGive = 'Give the bundle.schema.json of a driver, as text or as the JSON that it holds.'

/** Reads a bundle of unknown origin as far as its shape: bounded before anything recurses, then format, then every member. */
export function readBundle(source: unknown): ReadBundle {
  const parsed = typeof source === 'string' ? parseText(source) : { value: source }
  if ('problem' in parsed) return { ok: false, problems: [parsed.problem] }
  const guarded = guardValue(parsed.value, limits, { root: bundleRoot, schemaVersion: 0 })
  if (!guarded.ok) return { ok: false, problems: guarded.issues.map(guardProblem) }
  const format = findFormatProblem(guarded.value)
  if (format !== undefined) return { ok: false, problems: [format] }
  const report = new StructureReport({ root: bundleRoot, schemaVersion: 0 }, bundleShape(), [], true)
  checkStructure(bundleShape(), guarded.value, report)
  if (report.issues.length > 0) return { ok: false, problems: report.issues.map(shapeProblem) }
  // The report has held its shape against what the type says.
  return { ok: true, document: guarded.value as unknown as BundleDocument, json: guarded.value as JsonObject }
}

function parseText(source: string): { readonly value: unknown } | { readonly problem: BundleProblem } {
  if (source.length > limits.encodedBytes) {
    const what = `is longer than ${limits.encodedBytes} characters`
    return { problem: bundleProblem('BUNDLE_TOO_LARGE', [], what, whatToGive) }
  }
  try {
    return { value: JSON.parse(source) as unknown }
  } catch {
    // What the parser says repeats the text.
    return { problem: bundleProblem('NOT_A_BUNDLE', [], 'is not JSON', whatToGive) }
  }
}

function guardProblem({ code, pointer, message, path }: ConfigIssue): BundleProblem {
  const what = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
  const isLarge = /_TOO_|^ITEM_COUNT/.test(code)
  return problemAt(isLarge ? 'BUNDLE_TOO_LARGE' : 'NOT_A_BUNDLE', { pointer, path }, what, whatToGive)
}

function findFormatProblem(value: JsonValue): BundleProblem | undefined {
  const data = isJsonObject(value) ? value[bundleKeyword] : undefined
  if (!isJsonObject(data)) return bundleProblem('NOT_A_BUNDLE', [], `has no "${bundleKeyword}"`, whatToGive)
  const { bundle_format: format } = data
  if (format === bundleFormat) return undefined
  const place = [bundleKeyword, 'bundle_format']
  const isNumber = typeof format === 'number' && Number.isSafeInteger(format) && format > 0
  if (!isNumber) return bundleProblem('FORMAT_UNKNOWN', place, 'is not a format number', whatToGive)
  const what = `is ${format}, but this release of @openshell-ts/driver-config reads format ${bundleFormat}`
  const fix = 'Upgrade @openshell-ts/driver-config, or ask the publisher for a bundle of this format.'
  return bundleProblem('FORMAT_UNKNOWN', place, what, fix)
}

/** A bundle has no versions of its own, which reports of blocks speak of. */
function shapeProblem({ code, pointer, path, message, suggestion }: ConfigIssue): BundleProblem {
  const unknown = `is not known${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`
  const what = code === 'UNKNOWN_FIELD' ? unknown : message.slice(path.length + 2)
  return problemAt('SHAPE_INVALID', { pointer, path }, what)
}
