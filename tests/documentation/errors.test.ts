import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')

/** What stands in code in the first column of the tables of a part of the page. */
function firstColumn(part: string): string[] {
  return [...part.matchAll(/^\| `([^`]+)`/gm)].map(([, text = '']) => text)
}

test('every kind of error has one row', () => {
  const source = readFileSync(join(root, 'packages/sdk/src/errors/openshell-error.ts'), 'utf8')
  const [union = ''] = /type ErrorKind =(?:\s*\| '[a-z-]+')+/.exec(source) ?? []
  const kinds = [...union.matchAll(/'([a-z-]+)'/g)].map(([, kind = '']) => kind)
  const [, part = ''] = page.split(/^## Kinds .*$/m)
  const [table = ''] = part.split(/^## /m)
  expect(kinds.length).toBeGreaterThan(20)
  expect(firstColumn(table).filter((name) => name !== 'kind')).toEqual(kinds)
})

test('every message is one that the code has', () => {
  const [part = ''] = page.split(/^## Kinds/m)
  const sources = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[a-z-]+\/src\/(?!gen\/).*(?<!\.test)\.ts$/.test(name))
    .map((name) => readFileSync(join(root, 'packages', name), 'utf8'))
    .join('\n')
  const messages = firstColumn(part)
  const pieces = messages.flatMap((message) => message.split(/…|\(ECONNREFUSED\)|\[|\]|,/).map((piece) => piece.trim()))
  expect(messages.length).toBeGreaterThan(20)
  // What is shorter is the end of a sentence, such as a bracket.
  expect(pieces.filter((piece) => piece.length > 6 && !sources.includes(piece))).toEqual([])
})
