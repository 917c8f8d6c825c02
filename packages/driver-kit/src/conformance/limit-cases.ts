import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { refusalOf } from './call-outcome.js'
import { expectThat } from './case-outcome.js'
import { requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'

const budgetBytes = 7_700

const blocks: Readonly<Record<string, { readonly title: string; readonly block: () => JsonObject }>> = {
  size: {
    title: 'a block of 60 kB',
    block: () => ({ conformance_unknown_key: Array.from({ length: 6_000 }, () => 'conformance') }),
  },
  depth: { title: 'a block as deep as gateways let through', block: () => ({ conformance_unknown_key: nested(29) }) },
  keys: {
    title: 'a block of 3,000 unknown keys',
    block: () => Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`conformance_${index}`, 1])),
  },
  'long-string': {
    title: 'a text of 60,000 characters',
    block: () => ({ conformance_unknown_key: 'x'.repeat(60_000) }),
  },
  'long-key': { title: 'a key of 20,000 characters', block: () => ({ ['conformance_'.padEnd(20_000, 'x')]: 1 }) },
  'odd-keys': {
    title: 'keys of control characters and of prototypes',
    block: () => JSON.parse('{"__proto__":{"a":1},"constructor":1,"":1,"\\u0000":1,"\\u202e":1}') as JsonObject,
  },
}

/** Blocks that are too much: the driver refuses them and lives on. */
export const limitCases: readonly ConformanceCase[] = Object.entries(blocks).map(([name, { title, block }]) => ({
  id: `limits/${name}`,
  title: `${title} is refused, and the driver lives on`,
  section: 'config lineage 13, limits; driver contract 6.2',
  rule: `What a gateway lets through must not hurt the driver, and the refusal fits ${budgetBytes} bytes: above 16,384 the gateway loses it, above 8,192 some clients do.`,
  change: 'Bound size, depth and number of keys before anything recurses, and cut long refusals.',
  level: 'L1',
  async run(session) {
    await requireOpenGate(session)
    const refused = refusalOf(await verdictOn(session, block()), title, 'INVALID_ARGUMENT')
    const bytes = encodeURI(wellFormed(refused.message)).length + Math.ceil((refused.details?.length ?? 0) / 3) * 4
    expectThat(bytes <= budgetBytes, `message and details within ${budgetBytes} bytes`, `${bytes} bytes`)
    await session.capabilities()
  },
}))

function nested(levels: number): JsonValue {
  return levels === 0 ? {} : { a: nested(levels - 1) }
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}
