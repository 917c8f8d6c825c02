import type { Deprecation } from '../check/deprecation.js'
import type { ConfigLimits } from '../check/limits.js'
import type { ConfigVersion } from '../check/lineage.js'
import { buildVersion } from '../define/build-version.js'
import type { VersionDeclaration } from '../define/config-chain.js'
import type { ConfigDeclaration } from '../define/config-declaration.js'
import { DefinitionError } from '../define/definition-error.js'
import { proveDeprecations } from '../define/prove-places.js'
import { publishedTitle } from '../define/published-schema.js'
import type { PathToken } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { bareSchema } from './bare-schema.js'
import {
  type BundleData,
  type BundleDeprecation,
  type BundleDocument,
  type BundleVersion,
  bundleKeyword,
} from './bundle-data.js'
import { type BundleProblem, bundleProblem, publishAgain, stepsInto } from './bundle-problem.js'
import { readHop } from './read-hop.js'
import { type ReadRules, readRules } from './read-rules.js'
import { nameOf } from './write-bundle.js'

/** A version of a bundle as a declaration has it. */
export interface ReadVersion {
  readonly declared: VersionDeclaration
  readonly rules: ReadRules
  /** False when the way back that its operations have is not the driver's. */
  readonly hasDown: boolean
}

/** Reads every version of a bundle; what is wrong goes to the list of problems, and then the result is not complete. */
export function readVersions(
  document: BundleDocument,
  config: Pick<ConfigDeclaration, 'driverName' | 'owner' | 'driverOnly'>,
  limits: ConfigLimits,
  problems: BundleProblem[],
): ReadVersion[] {
  const data = document[bundleKeyword]
  const nodes = new Map<number, SchemaNode>()
  const versions: ReadVersion[] = []
  for (const [index, entry] of data.versions.entries()) {
    const schema = bareSchema(
      document.$defs[nameOf(entry.version)] ?? {},
      publishedTitle({ ...data, driverName: data.driver }, entry.version),
    )
    const built = buildAlone(entry, schema, config, limits, problems)
    if (built === undefined) continue
    nodes.set(entry.version, built.node)
    const place = [bundleKeyword, 'versions', index]
    proveDigests(entry, built, place, problems)
    const rules = readRules(entry.rules, built.node, [...place, 'rules'], problems)
    const deprecated = readDeprecations(entry.deprecated, built.node, [...place, 'deprecated'], problems)
    const hop = readHopTo(entry.version, data, nodes, problems)
    const options = {
      status: entry.status,
      ...(entry.since === undefined ? {} : { since: entry.since }),
      rules: rules.portable,
      deprecated,
      unknownKeys: entry.unknown_keys,
      // Their types are those of an author's schema, which a bundle does not have.
      examples: entry.examples as never,
      ...hop,
    }
    const hasDown = data.hops.find(({ to }) => to === entry.version)?.down === 'operations'
    versions.push({ declared: { number: entry.version, schema, options }, rules, hasDown })
  }
  return versions
}

function buildAlone(
  { version }: BundleVersion,
  schema: object,
  config: Pick<ConfigDeclaration, 'driverName' | 'owner' | 'driverOnly'>,
  limits: ConfigLimits,
  problems: BundleProblem[],
): ConfigVersion | undefined {
  try {
    return buildVersion({ number: version, schema, options: {} }, undefined, { limits }, config)
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    const { schemaPointer = '', hint = publishAgain, problem } = error
    const place = ['$defs', nameOf(version), ...stepsInto(schemaPointer)]
    problems.push(bundleProblem('SCHEMA_INVALID', place, problem, hint))
    return undefined
  }
}

function proveDigests(
  entry: BundleVersion,
  built: ConfigVersion,
  place: readonly PathToken[],
  problems: BundleProblem[],
): void {
  const digests = { shape_digest: built.digests.shape, text_digest: built.digests.text }
  for (const [name, digest] of Object.entries(digests)) {
    if (entry[name as keyof typeof digests] === digest) continue
    const what = `is not the digest of $defs.${nameOf(entry.version)}`
    problems.push(bundleProblem('DIGEST_MISMATCH', [...place, name], what))
  }
}

function readDeprecations(
  written: readonly BundleDeprecation[],
  node: SchemaNode,
  place: readonly PathToken[],
  problems: BundleProblem[],
): Readonly<Record<string, Deprecation>> {
  const read = written.flatMap((each, index): [string, Deprecation][] => {
    const { path, since, message, replaced_by, url, removed_in, sunset } = each
    const deprecation = {
      since,
      message,
      ...(replaced_by === undefined ? {} : { replacedBy: replaced_by }),
      ...(url === undefined ? {} : { url }),
      ...(removed_in === undefined ? {} : { removedIn: removed_in }),
      ...(sunset === undefined ? {} : { sunset }),
    }
    try {
      proveDeprecations(Object.fromEntries([[path, deprecation]]), node)
      return [[path, deprecation]]
    } catch (error) {
      if (!(error instanceof SchemaProblem)) throw error
      problems.push(bundleProblem('DEPRECATION_INVALID', [...place, index], error.problem))
      return []
    }
  })
  return Object.fromEntries(read)
}

function readHopTo(
  number: number,
  { hops }: BundleData,
  nodes: ReadonlyMap<number, SchemaNode>,
  problems: BundleProblem[],
) {
  const [before, node] = [nodes.get(number - 1), nodes.get(number)]
  const index = hops.findIndex(({ to }) => to === number)
  const hop = hops[index]
  if (hop === undefined || before === undefined || node === undefined) return {}
  return readHop(hop, [before, node], [bundleKeyword, 'hops', index], problems)
}
