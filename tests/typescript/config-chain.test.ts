import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compile, typeScriptLines } from './compile.js'

const path = new URL('../../packages/driver-config/src/define/config-chain.test-d.ts', import.meta.url)
/** The type tests of the chain, as a user would have written them. */
const source = readFileSync(path, 'utf8').replaceAll(/from '\.{1,2}\/[^']+'/g, "from '@openshell-ts/driver-config'")

const lines = typeScriptLines.flatMap((line) => [
  { line, exactOptionalPropertyTypes: true },
  { line, exactOptionalPropertyTypes: false },
])

test.each(lines)(
  'TypeScript $line takes right and refuses wrong migrations, exact optional properties: $exactOptionalPropertyTypes',
  (settings) => {
    const { version, problems } = compile({ ...settings, source })
    expect(version.startsWith(settings.line)).toBe(true)
    expect(problems).toEqual([])
  },
  240_000,
)

test('the type tests see declarations that infer a version from its migration', () => {
  const alterDeclarations = (text: string): string => text.replaceAll(/NoInfer<(\w+)>/g, '$1')
  const { problems } = compile({ line: '5.4', source, alterDeclarations })
  const unnoticed = problems.filter((problem) => problem.includes("Unused '@ts-expect-error' directive."))
  expect(unnoticed.length).toBeGreaterThanOrEqual(7)
}, 240_000)

test('the type tests see declarations that refuse right migrations', () => {
  const alterDeclarations = (text: string): string =>
    text.replace('type Exact<T, R> = ', 'type Exact<T, R> = R extends T ? R & { never: never } : ')
  const { problems } = compile({ line: '6.0', source, alterDeclarations })
  expect(problems).not.toEqual([])
}, 240_000)
