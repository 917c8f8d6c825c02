import type { ConfigLineage } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import { parseBlock } from '../check/parse.js'
import type { PublishedSchema } from '../define/driver-config.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { buildBlock } from './build-block.js'
import {
  type ConformanceDocument,
  conformanceFormat,
  type ExpectedIssue,
  type VectorExpectation,
} from './conformance-vector.js'
import { baseName, listChanges } from './list-changes.js'

/** What the vectors of a config are made of. */
export interface ConformanceSource {
  readonly lineage: ConfigLineage
  readonly schemas: readonly PublishedSchema[]
  readonly driverVersion?: string | undefined
}

/**
 * The vectors of a config: blocks around its examples, each with the verdict of the config itself. A block that the driver could not
 * bring to the current version, which is a fault of its own, is left out.
 */
export function writeConformance({ lineage, schemas, driverVersion }: ConformanceSource): ConformanceDocument {
  const bases = Object.fromEntries(
    schemas.flatMap(({ version, examples }): [string, JsonObject][] => [
      [baseName(version, 'minimal'), examples.minimal],
      [baseName(version, 'full'), examples.full],
    ]),
  )
  return {
    conformance_format: conformanceFormat,
    driver: lineage.driverName,
    ...(driverVersion === undefined ? {} : { driver_version: driverVersion }),
    root: lineage.root,
    situation: `Nothing is asked for beside the block, the operator allows everything, and what the block names exists. A path begins with ${lineage.root}.`,
    bases,
    vectors: listChanges(lineage, schemas).flatMap(({ showsCurrent = false, ...change }) => {
      const expect = judge(buildBlock(change, bases), lineage, showsCurrent, change.make?.recipe.kind === 'joined')
      return expect === undefined ? [] : [{ ...change, expect }]
    }),
  }
}

function judge(
  block: unknown,
  lineage: ConfigLineage,
  showsCurrent: boolean,
  hidesMade: boolean,
): VectorExpectation | undefined {
  const result = parseBlock(block, lineage, {})
  if (!result.ok) {
    if (result.issues.some(({ fault }) => fault === 'driver')) return undefined
    return { ok: false, issues: result.issues.map(expected), ...(hidesMade ? { hides_made: true } : {}) }
  }
  return {
    ok: true,
    declared_version: result.declaredVersion,
    ...(showsCurrent ? { current: { [markerKey]: lineage.max, ...result.value } } : {}),
    warnings: result.warnings.map(expected),
  }
}

function expected({ code, path }: ConfigIssue): ExpectedIssue {
  return { code, path }
}
