import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { type BadRequest, BadRequestSchema, type Status, StatusSchema } from '@openshell-ts/protocol/rpc'
import { type CallOutcome, describeOutcome, type RefusedCall } from './call-outcome.js'
import { CaseFailure, CaseSkip, expectThat } from './case-outcome.js'
import type { ConformanceSession } from './conformance-session.js'
import { allowsDriverConfig } from './find-acknowledgement-problem.js'
import type { PublishedVersion } from './published-index.js'
import { schemaAccepts } from './schema-validator.js'

/** Codes of problems that no JSON Schema can show: rules between fields, and the world outside. */
const beyondSchema = new Set([
  ...['RULE_FAILED', 'FIELDS_CONFLICT', 'FIELD_NEEDS_OTHER', 'REFERENCE_UNKNOWN', 'CONFLICTS_WITH_REQUEST'],
  ...['SECRET_NOT_ALLOWED', 'NOT_ALLOWED_BY_OPERATOR', 'EXPERIMENTAL_NOT_ENABLED'],
])

/** What the driver says to a block; `undefined` stands for no block. Asked once a run for each block. */
export function verdictOn(session: ConformanceSession, block: JsonObject | undefined): Promise<CallOutcome<unknown>> {
  const key = JSON.stringify(block, (_, value) => (Object.is(value, -0) ? 'minus zero' : value)) ?? 'absent'
  const known = session.run.verdicts.get(key)
  if (known !== undefined) return known
  const asked = askVerdict(session, block)
  session.run.verdicts.set(key, asked)
  return asked
}

async function askVerdict(session: ConformanceSession, block: JsonObject | undefined): Promise<CallOutcome<unknown>> {
  const sandbox = session.newSandbox({}, block ?? {})
  if (block !== undefined) return session.validate(sandbox)
  const { spec } = sandbox.message
  const { image } = session.run.options
  return session.validate({
    ...sandbox,
    message: { ...sandbox.message, spec: { ...spec, template: { image } } as never },
  })
}

/** @throws CaseSkip when the operator keeps blocks off, so that the driver refuses all of them. */
export async function requireOpenGate(session: ConformanceSession): Promise<void> {
  if (session.line === '0.0') return
  const { resourceAdmissionPolicy } = await session.capabilities()
  if (allowsDriverConfig(resourceAdmissionPolicy)) return
  throw new CaseSkip("the driver's operator does not allow driver_config; start it with allow_driver_config true")
}

/** How the driver and a schema look at one document. */
export type Agreement = 'agree' | 'beyond-schema' | 'driver-accepts' | 'driver-refuses' | 'wrong-code'

/** Compares the driver's verdict with the schema's. */
export async function compareVerdicts(
  session: ConformanceSession,
  { schema }: PublishedVersion,
  document: JsonObject,
): Promise<{ readonly agreement: Agreement; readonly outcome: CallOutcome<unknown> }> {
  const outcome = await verdictOn(session, document)
  return { agreement: agreementOf(outcome, schemaAccepts(schema, document)), outcome }
}

function agreementOf(outcome: CallOutcome<unknown>, accepts: boolean): Agreement {
  if (outcome.ok) return accepts ? 'agree' : 'driver-accepts'
  if (!accepts) return outcome.code === 'INVALID_ARGUMENT' ? 'agree' : 'wrong-code'
  const violations = badRequestOf(outcome)?.fieldViolations ?? []
  const byRule = violations.length > 0 && violations.every(({ reason }) => beyondSchema.has(reason))
  return byRule || outcome.code === 'FAILED_PRECONDITION' ? 'beyond-schema' : 'driver-refuses'
}

/**
 * Expects the driver to say what the schema says, and a refusal to name the place.
 *
 * @throws CaseFailure otherwise. `what` describes the document without its values.
 */
export async function expectAgreement(
  session: ConformanceSession,
  version: PublishedVersion,
  { document, what, key }: { readonly document: JsonObject; readonly what: string; readonly key: string },
): Promise<void> {
  const { agreement, outcome } = await compareVerdicts(session, version, document)
  if (agreement === 'beyond-schema') return
  if (agreement === 'driver-refuses') throw new CaseFailure(`${what} to be accepted`, describeOutcome(outcome))
  if (agreement !== 'agree')
    throw new CaseFailure(`${what} to be refused with INVALID_ARGUMENT`, describeOutcome(outcome))
  if (outcome.ok) return
  expectThat(outcome.message.includes(key), `a message that names ${key} for ${what}`, describeOutcome(outcome))
}

/** The status in the details; `undefined` when there is none or it cannot be read. */
export function statusOf({ details }: RefusedCall): Status | undefined {
  if (details === undefined) return undefined
  try {
    return fromBinary(StatusSchema, details)
  } catch {
    return undefined
  }
}

/** The `google.rpc.BadRequest` in the details. */
export function badRequestOf(refused: RefusedCall): BadRequest | undefined {
  return statusOf(refused)
    ?.details.map((detail) => anyUnpack(detail, BadRequestSchema))
    .find((detail) => detail !== undefined)
}
