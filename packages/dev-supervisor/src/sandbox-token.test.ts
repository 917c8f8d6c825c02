import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { readSandboxToken, SandboxToken } from './sandbox-token.js'

const tokenWith = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

test('a file is read without the white space around the token', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sup-'))
  await writeFile(join(folder, 'token'), ' abc.def.ghi\n')
  const token = await readSandboxToken({ tokenFile: join(folder, 'token') }, () =>
    Promise.reject(new Error('not asked')),
  )
  expect(token.metadata().get('authorization')).toEqual(['Bearer abc.def.ghi'])
  await rm(folder, { recursive: true })
})

test('calls that start after a replacement carry the new token', () => {
  const token = new SandboxToken('old')
  const before = token.metadata()
  token.replace('new')
  expect(before.get('authorization')).toEqual(['Bearer old'])
  expect(token.metadata().get('authorization')).toEqual(['Bearer new'])
})

test.each([
  ['', 'is empty'],
  [' \n', 'is empty'],
  ['hunter2\nhunter2', 'contains characters'],
  ['hunter2 é', 'contains characters'],
])('%j is refused without being shown', (text, problem) => {
  const read = () => new SandboxToken(text)
  expect(read).toThrow(problem)
  expect(read).not.toThrow('hunter2')
})

test('printing it shows nothing', () => {
  const token = new SandboxToken('hunter2')
  expect(inspect(token, { depth: 9, showHidden: true }) + JSON.stringify(token) + String(token)).not.toContain(
    'hunter2',
  )
})

test('the expiry is read from the claims; 0 and everything unreadable mean none', () => {
  expect(new SandboxToken(tokenWith({ exp: 1_700_000_000 })).expiresAtMs()).toBe(1_700_000_000_000)
  for (const text of [tokenWith({ exp: 0 }), tokenWith({}), tokenWith({ exp: 'soon' }), 'opaque', 'h.!.s']) {
    expect(new SandboxToken(text).expiresAtMs()).toBeUndefined()
  }
})
