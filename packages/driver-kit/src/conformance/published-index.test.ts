import { expect, test } from 'vitest'
import { readPublishedIndex } from './published-index.js'

test.each([
  [{ index_format: 1, versions: [{ version: 1, file: 'v1.schema.json' }] }, 'names published files and does not hold'],
  [{ versions: {}, schemas: [] }, 'schemas must be a list with at least one version'],
  [[], 'the index must be an object'],
])('%j is refused with what to pass', (index, problem) => {
  expect(() => readPublishedIndex(index)).toThrow(
    new RegExp(`${problem}.*Pass what the driver's "config schema" prints without --out\\.$`),
  )
})
