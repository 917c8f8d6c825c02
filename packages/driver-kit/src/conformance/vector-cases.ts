import { type ConformanceBlock, type ExpectedIssue, readConformance } from '@openshell-ts/driver-config'
import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { answerOf, describeOutcome, type RefusedCall, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { badRequestOf, requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import { ConformanceError } from './conformance-error.js'
import type { ConformanceSession } from './conformance-session.js'

/**
 * One case for each vector of a published `conformance.json`, as text or as the JSON in it.
 *
 * @throws ConformanceError `index-invalid` when it is none.
 */
export function vectorCases(document: unknown): readonly ConformanceCase[] {
  return readVectors(document).map((vector) => ({
    id: `vectors/${vector.id}`,
    title: `the vector ${vector.id} gets the published verdict`,
    section: 'config lineage 10.1, conformance.json',
    rule: 'A driver says about every published block what its publisher says: the verdict, the codes, the places and their order.',
    change: 'Judge the block as the published schemas and rules do, or publish the vectors again.',
    run: (session) => checkVector(session, vector),
  }))
}

function readVectors(document: unknown): readonly ConformanceBlock[] {
  try {
    return readConformance(document)
  } catch (cause) {
    throw new ConformanceError('index-invalid', cause instanceof Error ? cause.message : String(cause), cause)
  }
}

async function checkVector(session: ConformanceSession, { block, expect, hidden }: ConformanceBlock): Promise<void> {
  if (block !== undefined && !isObject(block)) throw new CaseUnsupported('gateways hand on objects only')
  await requireOpenGate(session)
  const outcome = await verdictOn(session, block)
  if (expect.ok) {
    answerOf(outcome, `the block of schema_version ${expect.declared_version}`)
    return
  }
  const refused = refusalOf(outcome, 'the block', 'INVALID_ARGUMENT')
  expectIssues(refused, expect.issues)
  const isHidden = hidden === undefined || !refused.everything.includes(hidden)
  expectThat(isHidden, 'a refusal without the secret', 'a refusal that repeats it')
}

/** All issues in the details, as far as they have room; the first one in the message of a driver that sends none. */
function expectIssues(refused: RefusedCall, issues: readonly ExpectedIssue[]): void {
  const violations = badRequestOf(refused)?.fieldViolations ?? []
  if (violations.length === 0) {
    const [first] = issues
    const isNamed = first === undefined || refused.message.includes(first.path)
    expectThat(isNamed, `a message that names ${first?.path}`, describeOutcome(refused))
    return
  }
  const told = violations.map(({ reason, field }) => `${reason} ${field}`)
  const expected = issues.slice(0, told.length).map(({ code, path }) => `${code} ${path}`)
  expectThat(told.join('\n') === expected.join('\n'), expected.join(', '), told.join(', '))
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
