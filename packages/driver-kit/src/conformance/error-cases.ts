import { status as codes } from '@grpc/grpc-js'
import { type RefusedCall, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { badRequestOf, requireOpenGate, statusOf, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'

const keys = ['conformance_first_key', 'conformance_second_key', 'conformance_third_key']
const block = Object.fromEntries(keys.map((key) => [key, 1]))

/** What a refusal looks like, whatever it is about. */
export const errorCases: readonly ConformanceCase[] = [
  {
    id: 'errors/status-matches',
    title: 'the details repeat code and message exactly',
    section: 'driver contract 6.2, budget for details',
    rule: 'Clients drop the details without a word unless Status.code and Status.message equal the gRPC code and message.',
    change: 'Put the gRPC code and message into the Status of the details.',
    level: 'L2',
    async run(session) {
      const refused = await refusal(session)
      if (refused.details === undefined) throw new CaseUnsupported('the driver sends no details')
      const status = statusOf(refused)
      const received = status === undefined ? 'bytes that are no google.rpc.Status' : `${status.code} ${status.message}`
      const same = status?.code === codes.INVALID_ARGUMENT && status.message === refused.message
      expectThat(same, `${codes.INVALID_ARGUMENT} ${refused.message}`, received)
    },
  },
  {
    id: 'errors/stable',
    title: 'the same block gets the same refusal, byte by byte',
    section: 'config lineage 13, errors',
    rule: 'Problems come in a stable order, so that clients can compare and tests can pin them.',
    change: 'Sort problems by their place in the document.',
    level: 'L2',
    async run(session) {
      const first = await refusal(session)
      for (let count = 1; count < 10; count += 1) {
        const next = refusalOf(await session.validate(session.newSandbox({}, block)), 'the block', 'INVALID_ARGUMENT')
        const same = next.message === first.message && encoded(next) === encoded(first)
        expectThat(same, JSON.stringify(first.message), `${JSON.stringify(next.message)}, the ${count + 1}. time`)
      }
    },
  },
]

/** What a refusal says about fields; a driver that takes no config at all has none to name. */
export const fieldErrorCases: readonly ConformanceCase[] = [
  {
    id: 'errors/all-problems',
    title: 'all problems are reported at once',
    section: 'config lineage 4, issues',
    rule: 'A user corrects a block in one round: one refusal names every problem in its message, because many clients print nothing else.',
    change: 'Collect all problems before refusing.',
    level: 'L2',
    async run(session) {
      const { message } = await refusal(session)
      const missing = keys.filter((key) => !message.includes(key))
      expectThat(missing.length === 0, `a message that names ${keys.join(', ')}`, JSON.stringify(message))
    },
  },
  {
    id: 'errors/path',
    title: 'the message says where the problem is',
    section: 'config lineage 4, issues',
    rule: 'A message names the field by its path below driver_config.',
    change: 'Name the field in the message.',
    level: 'L1',
    async run(session) {
      const { message } = await refusal(session)
      expectThat(message.includes(keys[0] ?? ''), 'a message with the unknown key', JSON.stringify(message))
    },
  },
  {
    id: 'errors/bad-request',
    title: 'the details list every problem with field, description and reason',
    section: 'config lineage 4, issues',
    rule: 'ValidateSandboxCreate passes google.rpc.BadRequest on to clients; its field is the path, its reason a code in UPPER_SNAKE.',
    change: 'Add a google.rpc.BadRequest with one violation a problem: field, description, reason.',
    level: 'L2',
    async run(session) {
      const refused = await refusal(session)
      if (refused.details === undefined) throw new CaseUnsupported('the driver sends no details')
      const violations = badRequestOf(refused)?.fieldViolations ?? []
      for (const key of keys) {
        const violation = violations.find(({ field }) => field.includes(key))
        expectThat(violation !== undefined, `a violation of the field ${key}`, `${violations.length} others`)
        const { description, reason } = violation
        const complete = description !== '' && /^[A-Z][A-Z0-9_]{0,62}$/.test(reason)
        expectThat(complete, 'a description, and a reason in UPPER_SNAKE', `"${description}" "${reason}"`)
      }
    },
  },
]

async function refusal(session: ConformanceSession): Promise<RefusedCall> {
  await requireOpenGate(session)
  return refusalOf(await verdictOn(session, block), 'a block of three unknown keys', 'INVALID_ARGUMENT')
}

function encoded({ details }: RefusedCall): string {
  return Buffer.from(details ?? new Uint8Array()).toString('base64')
}
