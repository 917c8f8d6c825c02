import {
  type BlockLint,
  type DriverConfigChecker,
  type DriverConfigEnvelope,
  describeIssue,
  EnvelopeError,
  encodeEnvelope,
  type JsonObject,
  lintEnvelope,
  selectBlock,
} from '@openshell-ts/driver-config/envelope'
import { DriverConfigRejectedError } from '../errors/driver-config-rejected-error.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { ActiveDriver } from './active-driver.js'
import type { SandboxWarning } from './sandbox-warning.js'

/** An envelope as it goes on the wire, and what is to be said about it. */
export interface PreparedDriverConfig {
  readonly json: JsonObject
  readonly warnings: readonly SandboxWarning[]
  /** The active driver's key; absent when it is not known. */
  readonly activeDriver?: string | undefined
}

/** How an envelope is linted. */
export interface LintOptions {
  readonly checkers?: readonly DriverConfigChecker[] | undefined
  readonly onBlockIssue?: 'warn' | 'refuse' | undefined
}

/**
 * Encodes an envelope and lints it. Throws kind `invalid-argument` for what protobuf would change silently, and, where errors of the
 * active driver's block are to refuse it, a `DriverConfigRejectedError` with all of them.
 */
export function prepareDriverConfig(
  envelope: DriverConfigEnvelope,
  activeDriver: ActiveDriver | undefined,
  { checkers = [], onBlockIssue = 'warn' }: LintOptions,
): PreparedDriverConfig {
  const json = encode(envelope)
  const { blocks } = lintEnvelope(json, { checkers })
  if (onBlockIssue === 'refuse') refuseBlock(blocks.find(({ driverName }) => driverName === activeDriver?.name))
  const warnings = [...matchWarnings(json, activeDriver), ...lintWarnings(blocks)]
  return { json: selectForWire(json, activeDriver), warnings, activeDriver: activeDriver?.name }
}

function encode(envelope: DriverConfigEnvelope): JsonObject {
  try {
    return encodeEnvelope(envelope)
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause
    const description = cause.message.replace(/^\[[a-z-]+\] /, '')
    throw new OpenShellError({
      kind: 'invalid-argument',
      message: `Option driverConfig: ${description}`,
      violations: [{ field: cause.path, description, reason: 'NOT_JSON' }],
      cause,
    })
  }
}

function matchWarnings(json: JsonObject, activeDriver: ActiveDriver | undefined): SandboxWarning[] {
  if (!activeDriver) return []
  return selectBlock(json, activeDriver.name).warnings.map(({ message, suggestion }) => ({
    type: 'no-matching-block',
    message,
    activeDriver: activeDriver.name,
    ...(suggestion === undefined ? {} : { suggestion }),
  }))
}

function refuseBlock(block: BlockLint | undefined): void {
  if (block === undefined || block.verdict !== 'refused') return
  const { driverName, issues } = block
  throw new DriverConfigRejectedError({
    message: `Option driverConfig, block "${driverName}": ${issues.map((issue) => describeIssue(issue)).join(' ')}`,
    hint: "The check is the caller's own: leave out onBlockIssue: 'refuse' when the driver is newer than its checker.",
    refusal: issues.every(({ rule }) => rule !== undefined) ? 'rule' : 'schema',
    issues: issues.map((issue) => ({ code: issue.code, path: issue.path, message: describeIssue(issue) })),
    violations: issues.map((issue) => ({ field: issue.path, description: describeIssue(issue), reason: issue.code })),
    dispatched: false,
  })
}

function lintWarnings(blocks: readonly BlockLint[]): SandboxWarning[] {
  return blocks.flatMap(({ driverName, issues, warnings }) =>
    [...issues, ...warnings].map(
      (issue): SandboxWarning => ({
        type: 'block-issue',
        message: `${driverName}: ${describeIssue(issue)}`,
        driverName,
        issue,
      }),
    ),
  )
}

// Blocks of other drivers stay at home when the gateway itself has named its driver. A name that the caller gave may be wrong,
// and then the whole envelope is what lets the gateway find the right block.
function selectForWire(json: JsonObject, activeDriver: ActiveDriver | undefined): JsonObject {
  if (activeDriver?.source !== 'gateway') return json
  const block = Object.hasOwn(json, activeDriver.name) ? json[activeDriver.name] : undefined
  return block === undefined ? json : { [activeDriver.name]: block }
}
