import { checkStructure } from '../src/check/structure.js'
import { StructureReport } from '../src/check/structure-report.js'
import type { InvalidExample, VersionExamples } from '../src/index.js'
import { readSchema } from '../src/schema/read-schema.js'
import { generateValue } from '../src/testing/generate-value.js'
import { seededRandom } from '../src/testing/seeded-random.js'

/** Examples of a version in a test that is not about examples. `never` fits every version; `build` proves them all the same. */
interface TestExamples {
  readonly examples: VersionExamples<never>
}

const notAnObject: InvalidExample = { value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }

/** Examples of a version in which nothing is required. */
export const emptyExamples = showing({})

/** Examples with this value as the minimal and the full one. */
export function showing(value: unknown): TestExamples {
  return { examples: { minimal: value as never, full: value as never, invalid: [notAnObject] } }
}

/** Examples with the smallest of some values that a schema accepts. */
export function generatedExamples(schema: unknown): TestExamples {
  const node = readSchema(schema)
  const random = seededRandom(1)
  const values = Array.from({ length: 50 }, () => generateValue(random, node)).filter((value) => {
    const report = new StructureReport({ root: 'driver_config', schemaVersion: 1 }, node, [], true)
    checkStructure(node, value, report)
    return report.issues.length === 0
  })
  const [smallest] = values.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)
  if (smallest === undefined) throw new Error('no generated value is valid; show one by hand')
  return showing(smallest)
}
