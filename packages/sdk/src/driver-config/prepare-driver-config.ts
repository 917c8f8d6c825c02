import {
  type DriverConfigChecker,
  type DriverConfigEnvelope,
  describeIssue,
  EnvelopeError,
  encodeEnvelope,
  type JsonObject,
  lintEnvelope,
  selectBlock,
} from '@openshell-ts/driver-config/envelope'
import { OpenShellError } from '../errors.js'
import type { ActiveDriver } from './active-driver.js'
import type { SandboxWarning } from './sandbox-warning.js'

/** An envelope as it goes on the wire, and what is to be said about it. */
export interface PreparedDriverConfig {
  readonly json: JsonObject
  readonly warnings: readonly SandboxWarning[]
  /** The active driver's key; absent when it is not known. */
  readonly activeDriver?: string | undefined
}

/** Encodes an envelope and lints it. Throws kind `invalid-argument` for what protobuf would change silently. */
export function prepareDriverConfig(
  envelope: DriverConfigEnvelope,
  activeDriver: ActiveDriver | undefined,
  checkers: readonly DriverConfigChecker[],
): PreparedDriverConfig {
  const json = encode(envelope)
  const warnings = [...matchWarnings(json, activeDriver), ...lintWarnings(json, checkers)]
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

function lintWarnings(json: JsonObject, checkers: readonly DriverConfigChecker[]): SandboxWarning[] {
  return lintEnvelope(json, { checkers }).blocks.flatMap(({ driverName, issues, warnings }) =>
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
