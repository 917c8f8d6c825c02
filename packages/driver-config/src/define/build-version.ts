import { type AcceptorOptions, compileAcceptor } from '../check/accept.js'
import { evaluateAcceptor } from '../check/accept-source.js'
import type { Acceptor } from '../check/acceptor.js'
import { forbiddenKeys } from '../check/copy-plain.js'
import type { Deprecations } from '../check/deprecation.js'
import { hasExperimentalFields } from '../check/gates.js'
import type { ConfigLimits } from '../check/limits.js'
import type { ConfigVersion } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import type { ResourceCheck } from '../check/resource-check.js'
import type { ConfigRule } from '../check/rules.js'
import { listSecretPlaces } from '../check/secrets.js'
import type { ConfigOwner } from '../issue/owner-title.js'
import { bindOperations } from '../operations/bind-operations.js'
import { isOperationList } from '../operations/operations.js'
import { listTemplates } from '../schema/list-templates.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import { readSchema } from '../schema/read-schema.js'
import { digestSchema } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import type { VersionDeclaration } from './config-chain.js'
import type { ConfigDeclaration } from './config-declaration.js'
import { DefinitionError } from './definition-error.js'
import { proveDefaults } from './prove-defaults.js'
import { proveDeclared, proveDeprecations, proveReads, proveReplacements } from './prove-places.js'
import { proveSecretFields } from './prove-secret-fields.js'

/** What `build` says about the current version, besides what the version itself says. */
export interface VersionAdditions {
  readonly rules?: readonly ConfigRule<never>[]
  readonly deprecated?: Deprecations
  readonly resources?: readonly ResourceCheck[]
  readonly limits: ConfigLimits
}

/**
 * Proves the declaration of one version and prepares everything that its schema alone decides.
 *
 * @throws DefinitionError with the place in the schema and what to write.
 */
export function buildVersion(
  declared: VersionDeclaration,
  before: ConfigVersion | undefined,
  additions: VersionAdditions,
  config: Pick<ConfigDeclaration, 'driverName' | 'owner' | 'driverOnly'>,
): ConfigVersion {
  const { number, options } = declared
  const node = locate(config, number, () => readVersionSchema(declared.schema))
  const migration = buildMigration(declared, before, node, config)
  const deprecations = { ...options.deprecated, ...additions.deprecated }
  const rules = [...(options.rules ?? []), ...(additions.rules ?? [])]
  locate(config, number, () => {
    proveDeprecations(deprecations, node)
    proveReads(rules, node)
    for (const { what, path } of additions.resources ?? []) {
      proveDeclared(path, node, `the ${what} is looked up at "${path}", which is not declared.`)
    }
  })
  const secrets = listSecretPlaces(node)
  const ignoresUnknownKeys = options.unknownKeys === 'warn'
  const experimental = hasExperimentalFields(node)
  const isPlain =
    Object.keys(deprecations).length + secrets.references.length === 0 && !ignoresUnknownKeys && !experimental
  const acceptor = { limits: additions.limits, skip: new Set([markerKey, schemaKey]), depth: 0 }
  // What a bundle of another program says is never turned into code.
  const prepareAcceptor = config.driverOnly === undefined ? evaluateOrCompile : compileAcceptor
  return {
    number,
    node,
    status: deprecations[''] === undefined ? (options.status ?? 'stable') : 'deprecated',
    ...(options.since === undefined ? {} : { since: options.since }),
    ...migration,
    digests: digestSchema(node),
    rules,
    deprecations,
    secrets,
    ignoresUnknownKeys,
    hasAbsentNulls: listTemplates(node).some((entry) => readsNullAsAbsent(entry.node)),
    isPlain,
    hasExperimentalFields: experimental,
    acceptComplete: prepareAcceptor(node, { ...acceptor, fill: true }),
    acceptBody: prepareAcceptor(node, { ...acceptor, fill: false }),
  }
}

function evaluateOrCompile(node: SchemaNode, options: AcceptorOptions): Acceptor {
  return evaluateAcceptor(node, options) ?? compileAcceptor(node, options)
}

function buildMigration(
  { number, options }: VersionDeclaration,
  before: ConfigVersion | undefined,
  node: SchemaNode,
  config: Pick<ConfigDeclaration, 'driverName' | 'owner' | 'driverOnly'>,
): Pick<ConfigVersion, 'up' | 'down' | 'hasOwnDown' | 'operations' | 'replaces'> {
  const { up, down, replaces = {} } = options
  const hasOwnDown = down !== undefined
  if (before === undefined) return { replaces, hasOwnDown }
  if (up === undefined && config.driverOnly !== undefined) {
    locate(config, number, () => proveReplacements(replaces, before.node, node))
    return { replaces, hasOwnDown }
  }
  if (typeof up !== 'function') {
    const problem = 'there is no way from the version before.'
    const { driverName, owner } = config
    throw new DefinitionError({ driverName, owner, version: number, problem, hint: 'Pass "up".' })
  }
  locate(config, number, () => proveReplacements(replaces, before.node, node))
  if (!isOperationList(up)) return { up, ...(down === undefined ? {} : { down }), hasOwnDown, replaces }
  const bound = locate(config, number, () => bindOperations(up.operations, before.node, node))
  const back = down ?? bound.down
  return {
    up: bound.up,
    ...(back === undefined ? {} : { down: back }),
    hasOwnDown,
    operations: up.operations.map((operation) => operation.data),
    replaces: { ...bound.replaces, ...replaces },
  }
}

/** Turns a problem of a schema into an error that says whose schema it is. */
function locate<T>({ driverName, owner }: ConfigOwner, version: number, prove: () => T): T {
  try {
    return prove()
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error
    const { pointer, problem, hint } = error
    throw new DefinitionError({ driverName, owner, version, schemaPointer: pointer, problem, hint })
  }
}

function readVersionSchema(schema: unknown): SchemaNode {
  const node = readSchema(schema)
  if (node.kind !== 'object' && node.kind !== 'variant') {
    throw new SchemaProblem('', 'a block is an object with declared fields.', 'Write Type.Object({ … }) at the root.')
  }
  for (const { template } of listTemplates(node)) requireFreeName(template)
  proveDefaults(node)
  proveSecretFields(node)
  return node
}

function requireFreeName(template: string): void {
  if (template !== markerKey && template !== schemaKey && !forbiddenKeys.has(template)) return
  throw new SchemaProblem(`/properties/${template}`, 'this root key is reserved.', 'Choose another name.')
}
