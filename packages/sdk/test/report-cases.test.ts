import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Holder {
  readonly test: string
  readonly name: string
}

type HeldCase =
  | (Holder & { readonly also?: readonly Holder[] })
  | { readonly elsewhere: string }
  | { readonly open: string }

const textAt = (path: string) => readFile(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')

test('every reported case about clients is held by a test, or says why not', async () => {
  const handed: Record<string, string> = JSON.parse(
    await textAt('packages/driver-config/test/data/cases-elsewhere.json'),
  )
  const cases: Record<string, HeldCase> = JSON.parse(await textAt('packages/sdk/test/data/cases.json'))
  const ids = Object.keys(handed).filter((id) => handed[id]?.startsWith('sdk: '))
  expect(ids.filter((id) => !(id in cases))).toEqual([])
  const missing: string[] = []
  for (const [id, held] of Object.entries(cases)) {
    if (!('test' in held)) continue
    for (const { test, name } of [held, ...(held.also ?? [])]) {
      if (!(await textAt(test)).includes(`'${name}'`)) missing.push(`${id}: ${name}`)
    }
  }
  expect(missing).toEqual([])
})
