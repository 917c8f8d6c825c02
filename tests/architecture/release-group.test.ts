import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const readJson = (path: string) => JSON.parse(readFileSync(`${root}${path}`, 'utf8'))

// Named one by one: a pattern takes in private packages of the workspace, and a release cannot be planned for one without a version.
test('all public packages, and no others, are released together', () => {
  const manifests = readdirSync(`${root}packages`).map((folder) => readJson(`packages/${folder}/package.json`))
  const published = manifests.filter((manifest) => manifest.private !== true).map(({ name }) => name)
  expect(readJson('.changeset/config.json').fixed.map((group: string[]) => group.sort())).toEqual([published.sort()])
})
