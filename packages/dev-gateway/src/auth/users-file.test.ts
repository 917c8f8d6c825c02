import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readUsersFile } from './users-file.js'

const folder = mkdtempSync(join(tmpdir(), 'gw-users-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(toml: string) {
  const path = join(folder, 'users.toml')
  writeFileSync(path, toml)
  return readUsersFile(path)
}

test('each table is a user', () => {
  const users = read(`
[[users]]
subject = "ann"
token = "t1"
display_name = "Ann"
roles = ["openshell-user"]
scopes = ["sandbox:read"]
expires = 2030-01-01T00:00:00Z
[[users]]
subject = "bob"
token = "t2"
`)
  expect(users).toEqual([
    {
      subject: 'ann',
      token: 't1',
      displayName: 'Ann',
      roles: ['openshell-user'],
      scopes: ['sandbox:read'],
      expiresAtMs: Date.UTC(2030, 0),
    },
    { subject: 'bob', token: 't2' },
  ])
})

const ann = '[[users]]\nsubject = "ann"\ntoken = "secret"\n'
test.each([
  ['', /users\.toml: there is no user; write \[\[users\]\]/],
  ['[ann]\n', /ann is not known; write one \[\[users\]\]/],
  ['users = [1]\n', /user 1 must be a table/],
  ['[[users]]\nsubject = "ann"\n', /user 1 needs subject and token/],
  [`${ann}role = "x"\n`, /user 1: role is not known; use subject, token, display_name, roles, scopes, expires/],
  [`${ann}roles = "x"\n`, /user 1: roles must be a list of texts/],
  [`${ann}expires = "tomorrow"\n`, /user 1: expires must be a date and time/],
  [`${ann}${ann.replace('"secret"', '1')}`, /user 2: token must be a text/],
])('%j is refused, and no token is shown', (toml, text) => {
  expect(() => read(toml)).toThrow(text)
  expect(() => read(toml)).not.toThrow(/secret/)
})
