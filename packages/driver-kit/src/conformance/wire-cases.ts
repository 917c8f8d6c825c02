import { create, toBinary } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { answerOf, type CallOutcome, describeOutcome, refusalOf } from './call-outcome.js'
import { CaseUnsupported, expectThat } from './case-outcome.js'
import { skipped } from './config-cases.js'
import { type ConfigSite, configSites } from './config-site.js'
import { requireOpenGate } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'
import { encodeOddRequest, nested, type OddValue, oddMark } from './encode-odd-block.js'
import type { PublishedIndex, PublishedVersion } from './published-index.js'
import { rawCall } from './raw-call.js'

const oddValues: readonly (readonly [name: string, what: string, odd: OddValue])[] = [
  ['nan', 'NaN', Number.NaN],
  ['infinity', 'Infinity', Number.POSITIVE_INFINITY],
  ['minus-infinity', '-Infinity', Number.NEGATIVE_INFINITY],
  ['no-value', 'a map entry without its value', 'absent'],
  ['empty-value', 'a Value without kind', 'empty'],
]
const section = 'driver contract 5, values of a block'
const rule =
  'NaN, the infinities and Values without kind arrive as they are; none of them is JSON, so each is refused with INVALID_ARGUMENT, and the driver lives on.'
const change = 'Refuse numbers that are not finite and Values without kind, by the path, before any other check.'
const futureField = 1_999

/** What only bytes can say: values beyond JSON, fields and methods of later releases. */
export function wireCases(index: PublishedIndex | undefined): readonly ConformanceCase[] {
  const everyPlace =
    index === undefined ? [skipped({ ...placeDescription('all'), id: 'wire/all' })] : index.schemas.map(placesCase)
  return [...oddValues.map(oddCase), ...everyPlace, unknownFieldsCase, unknownMethodCase]
}

function oddCase([name, what, odd]: (typeof oddValues)[number]): ConformanceCase {
  return {
    id: `wire/${name}`,
    title: `${what} is refused, in a field and in a list`,
    ...{ section, rule, change },
    level: 'L1',
    async run(session) {
      await requireOpenGate(session)
      for (const value of [oddMark, [oddMark]]) {
        const outcome = await validateOdd(session, { conformance_unknown_key: value }, odd)
        refusalOf(outcome, what, 'INVALID_ARGUMENT')
      }
      await session.capabilities()
    },
  }
}

function placeDescription(version: number | 'all') {
  return {
    id: `wire/v${version}`,
    title: 'NaN, the infinities and Values without kind are refused in every field, by its name',
    ...{ section, rule, change },
    level: 'L1' as const,
  }
}

function placesCase(version: PublishedVersion): ConformanceCase {
  return {
    ...placeDescription(version.version),
    async run(session) {
      await requireOpenGate(session)
      const sites = configSites(version).filter(({ path }) => path !== '')
      if (sites.length === 0) throw new CaseUnsupported('the version has no fields')
      for (const site of sites) {
        for (const [, what, odd] of oddValues) await expectOddRefusal(session, site, { what, odd })
      }
    },
  }
}

async function expectOddRefusal(
  session: ConformanceSession,
  site: ConfigSite,
  { what, odd }: { readonly what: string; readonly odd: OddValue },
): Promise<void> {
  const outcome = await validateOdd(session, site.place(oddMark), odd)
  const { message } = refusalOf(outcome, `${what} in ${site.path}`, 'INVALID_ARGUMENT')
  expectThat(message.includes(site.key), `a message that names ${site.key} for ${what}`, describeOutcome(outcome))
}

function validateOdd(
  session: ConformanceSession,
  block: Parameters<typeof encodeOddRequest>[1],
  odd: OddValue,
): Promise<CallOutcome<unknown>> {
  return rawCall(session.run, 'ValidateSandboxCreate', encodeOddRequest(session.newSandbox(), block, odd))
}

const unknownFieldsCase: ConformanceCase = {
  id: 'wire/unknown-fields',
  title: 'fields of later releases are ignored',
  section: 'driver contract 1.1, eras',
  rule: 'Gateways of later releases send fields that the driver does not know; a protobuf decoder skips them.',
  change: 'Decode with a protobuf library, and do not refuse unknown fields of messages.',
  async run(session) {
    const later = nested(futureField, Buffer.from('conformance'))
    const sandbox = toBinary(DriverSandboxSchema, create(DriverSandboxSchema, session.newSandbox().message))
    const request = Buffer.concat([nested(1, Buffer.concat([sandbox, later])), later])
    answerOf(await rawCall(session.run, 'ValidateSandboxCreate', request), 'a request with unknown fields')
    answerOf(await rawCall(session.run, 'GetCapabilities', later), 'GetCapabilities with an unknown field')
  },
}

const unknownMethodCase: ConformanceCase = {
  id: 'wire/unknown-method',
  title: 'methods of later releases are UNIMPLEMENTED',
  section: 'driver contract 1.1, eras',
  rule: 'Later releases add methods and try them; UNIMPLEMENTED tells a gateway that the driver is older.',
  change: 'Leave unknown methods to the gRPC library, which answers UNIMPLEMENTED.',
  async run(session) {
    const outcome = await rawCall(session.run, 'ConformanceMethodOfALaterRelease', new Uint8Array())
    refusalOf(outcome, 'an unknown method', 'UNIMPLEMENTED')
    await session.capabilities()
  },
}
