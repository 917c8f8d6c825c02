import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What the references say of line 0.1, in our words. */
type Statement = {
  readonly document: 'driver-contract' | 'gateway-client'
  readonly section: string
  readonly statement: string
} & (
  | { readonly tests: readonly { readonly file: string; readonly name: string }[] }
  /** What the page of what is left out says of it. */
  | { readonly notServed: string }
)

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const statements = JSON.parse(read('data/line-0-1-statements.json')) as readonly Statement[]

/** Whether a file has a test, or a group of tests, of this name. */
function hasTest(source: string, name: string): boolean {
  return [`'${name}'`, `"${name}"`].some((quoted) => source.includes(`${quoted},`))
}

/** The sections of a document that the titles of a file's tests name. */
function sectionsIn(source: string, document: string): string[] {
  const named = source.matchAll(new RegExp(`${document} ([\\d., and]*\\d)`, 'g'))
  return [...named].flatMap(([, numbers = '']) => numbers.split(/, | and /))
}

test('every statement about line 0.1 is pinned by tests that are there, or stands on the page of what is left out', () => {
  const page = read('../../../docs/reference/dev-gateway-unimplemented.md')
  const missing = statements.flatMap((entry) => {
    if ('notServed' in entry) return page.includes(entry.notServed) ? [] : [entry.notServed]
    const absent = entry.tests.filter(({ file, name }) => !hasTest(read(`../${file}`), name))
    return entry.tests.length === 0 ? [entry.statement] : absent.map(({ file, name }) => `${file}: ${name}`)
  })
  expect(missing).toEqual([])
})

test('every statement stands once, and a test of its section is among those that pin it', () => {
  const places = statements.map(({ document, section, statement }) => `${document} ${section}: ${statement}`)
  expect(new Set(places).size).toBe(places.length)
  const unnamed = statements.flatMap((entry, index) => {
    if ('notServed' in entry) return []
    const named = entry.tests.some(({ file }) => {
      const own = !file.startsWith('test/later-')
      return own || sectionsIn(read(`../${file}`), entry.document).includes(entry.section)
    })
    return named ? [] : [places[index]]
  })
  expect(unnamed).toEqual([])
})
