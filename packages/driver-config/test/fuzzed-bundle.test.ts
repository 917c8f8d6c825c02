import { expect, test } from 'vitest'
import { isJsonObject, type JsonValue } from '../src/envelope/json-value.js'
import { loadPublishedConfig, PublishedConfigError, publishConfig } from '../src/index.js'
import { digestBundle } from '../src/publish/write-bundle.js'
import { anyJson } from '../src/testing/any-json.js'
import { mutateValue } from '../src/testing/mutate-value.js'
import { pick, type Random, seededRandom } from '../src/testing/seeded-random.js'
import { docker } from './acceptance/container-configs.js'
import { published } from './changed-bundle.js'
import { plainConfig } from './sample-config.js'

const seed = Number(process.env['DRIVER_CONFIG_FUZZ_SEED'] ?? 20_270_131)
const runs = Number(process.env['DRIVER_CONFIG_FUZZ_RUNS'] ?? 600)

test(`a bundle with anything changed in it loads or is refused, and nothing else, in ${runs} bundles (seed ${seed})`, () => {
  const random = seededRandom(seed)
  const bundles = [
    published.value,
    publishConfig(plainConfig).bundle.value,
    publishConfig(docker as never).bundle.value,
  ]
  const outcomes = { loaded: 0, refused: 0 }
  for (let run = 0; run < runs; run += 1) {
    const bundle = signed(mutateValue(random, pick(random, bundles), replacement))
    try {
      const config = loadPublishedConfig(bundle)
      config.safeParse(anyJson(random))
      config.check(config.schemas()[0]?.examples.full)
      outcomes.loaded += 1
    } catch (error) {
      if (!(error instanceof PublishedConfigError)) throw new Error(`run ${run}`, { cause: error })
      for (const { code, path, message, fix } of error.problems) {
        expect(message.startsWith(`${path}: `) && code !== undefined && fix !== '').toBe(true)
      }
      outcomes.refused += 1
    }
  }
  expect(outcomes.loaded).toBeGreaterThan(0)
  expect(outcomes.refused).toBeGreaterThan(runs / 2)
})

/** Any JSON, and what a bundle has many of. */
function replacement(random: Random): JsonValue {
  return random() < 0.5
    ? anyJson(random)
    : pick(random, [1, 2, 3, '', 'name', 'title', 'v1', [], {}, { type: 'string' }, true])
}

/** With a digest that fits, where there is a place for it: the first check must not hide the others. */
function signed(bundle: JsonValue): JsonValue {
  if (!isJsonObject(bundle) || !isJsonObject(bundle['x-bundle'])) return bundle
  return { ...bundle, 'x-bundle': { ...bundle['x-bundle'], digest: digestBundle(bundle) } }
}
