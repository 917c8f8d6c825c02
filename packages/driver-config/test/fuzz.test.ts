import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readSchema } from '../src/schema/read-schema.js'
import { generateValue } from '../src/testing/generate-value.js'
import { seededRandom } from '../src/testing/seeded-random.js'
import { anyValue, mutateValue } from './random-document.js'
import { everyKind, plainConfig, ruledConfig } from './sample-config.js'

const runs = Number(process.env['DRIVER_CONFIG_FUZZ_RUNS'] ?? 100_000)
const seed = Number(process.env['DRIVER_CONFIG_FUZZ_SEED'] ?? 20_270_131)
const node = readSchema(everyKind)

/** Text of a document for a failure message; hostile documents may have none. */
function show(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'a document that cannot be written'
  }
}

function documentOf(random: () => number): unknown {
  const choice = random()
  if (choice < 0.3) return anyValue(random)
  const valid = { schema_version: 2, ...(generateValue(random, node) as object) }
  return choice < 0.6 ? valid : mutateValue(random, valid)
}

describe(`${runs} random documents (seed ${seed})`, () => {
  test('never throw, and every issue is complete', { timeout: 600_000 }, () => {
    const random = seededRandom(seed)
    let accepted = 0
    for (let run = 0; run < runs; run += 1) {
      const document = documentOf(random)
      const result = plainConfig.safeParse(document, { driverVersion: '1.0.0' })
      if (result.ok) accepted += 1
      else {
        const text = JSON.stringify(result)
        if (text.includes('hunter2') || text.includes('AKIAABCDEFGHIJKLMNOP'))
          expect.fail(`run ${run} shows a value: ${text}`)
        const incomplete = result.issues.find((issue) => !issue.fix || !issue.message.startsWith('driver_config'))
        if (incomplete !== undefined) expect.fail(`run ${run}: ${JSON.stringify(incomplete)} for ${show(document)}`)
      }
    }
    expect(accepted).toBeGreaterThan(runs * 0.1)
    expect(accepted).toBeLessThan(runs * 0.9)
  })

  test('get the same verdict in one pass and step by step', { timeout: 600_000 }, () => {
    const random = seededRandom(seed + 1)
    for (let run = 0; run < runs / 8; run += 1) {
      const document = documentOf(random)
      for (const config of [plainConfig, ruledConfig]) {
        const quick = config.check(document)
        // A policy that refuses nothing makes the pipeline run its steps one by one.
        const stepwise = config.check(document, { policy: {} })
        if (JSON.stringify(quick) !== JSON.stringify(stepwise)) {
          expect.fail(`run ${run}: ${show(document)}\n${JSON.stringify(quick)}\n${JSON.stringify(stepwise)}`)
        }
      }
    }
  })

  test('are accepted once and for all: an accepted value is accepted as it is', { timeout: 600_000 }, () => {
    const random = seededRandom(seed + 2)
    let accepted = 0
    for (let run = 0; run < runs / 10; run += 1) {
      const result = plainConfig.safeParse(documentOf(random))
      if (!result.ok) continue
      accepted += 1
      const again = plainConfig.at(2)?.check(result.value)
      if (!isDeepStrictEqual(again?.ok && again.value, result.value)) expect(again).toEqual(result)
    }
    expect(accepted).toBeGreaterThan(0)
  })
})
