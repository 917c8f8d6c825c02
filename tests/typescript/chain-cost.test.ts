import { expect, test } from 'vitest'
import { compile, type TypeScriptLine } from './compile.js'
import { generatedChain } from './generated-chain.js'

const source = generatedChain({ versions: 5, fields: 30 })

// TypeScript 5.4 counts more for the same types: it walks object types that hold no type parameters, later lines do not. The
// schemas alone, without a chain, take 22,000 there.
const budgets: readonly (readonly [TypeScriptLine, number])[] = [
  ['5.4', 65_000],
  ['5.9', 50_000],
  ['6.0', 50_000],
]

test.each(budgets)(
  'TypeScript %s checks a chain of 5 versions with 30 fields within %d instantiations',
  (line, budget) => {
    const { problems, instantiations } = compile({ line, source })
    expect(problems).toEqual([])
    expect(instantiations).toBeGreaterThan(1_000)
    expect(instantiations).toBeLessThan(budget)
  },
  240_000,
)

test('the budget sees declarations that compute types from the schemas again', () => {
  const again =
    '(previous: Current, note: Note) => Exact<DeepReadonly<StaticOf<Schema>>, Exact<DeepReadonly<StaticOf<Schema>>, ReturnType<F>>>'
  const alterDeclarations = (text: string): string => text.replace('readonly up: F &', `readonly up: F & (${again}) &`)
  const short = generatedChain({ versions: 2, fields: 30 })
  expect(compile({ line: '5.9', source: short, alterDeclarations }).instantiations).toBeGreaterThan(50_000)
}, 240_000)
