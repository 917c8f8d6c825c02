import { create, toBinary } from '@bufbuild/protobuf'
import { ExecSandboxRequestSchema as Request00 } from '@openshell-ts/protocol/v0-0'
import { ExecSandboxRequestSchema as Request01 } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { MAX_REQUEST_BYTES } from '../transport/message-limits.js'
import { readStdin, roomForStdin } from './read-stdin.js'

const variables = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`KEY_${at}`, value]))

test.each<[string, string[], Record<string, string>]>([
  ['a short command', ['cat'], {}],
  ['as many arguments as a gateway takes', Array.from({ length: 1024 }, () => 'ä'.repeat(128)), {}],
  ['many variables', ['cat'], variables(2000, 'v'.repeat(100))],
  ['a few long arguments', Array.from({ length: 8 }, () => 'x'.repeat(32_000)), {}],
])('input that has room beside %s fits into a request of either line', async (_, command, environment) => {
  const request = { command, environment, cwd: '/work', timeoutMs: 1, tty: false, loginShell: true }
  const room = roomForStdin(request)
  const whole = await readStdin(new Uint8Array(room), room)
  if (whole.type === 'pieces') throw new Error('It does not fit.')
  const ids = { sandboxId: crypto.randomUUID(), sandbox: 'a234567890123456789', requestId: crypto.randomUUID() }
  const fields = { command, environment, workdir: '/work', stdin: whole.bytes, ...ids }
  for (const bytes of [
    toBinary(Request00, create(Request00, fields)),
    toBinary(Request01, create(Request01, fields)),
  ]) {
    expect(bytes.length).toBeLessThanOrEqual(MAX_REQUEST_BYTES)
  }
  expect((await readStdin(new Uint8Array(room + 1), room)).type).toBe('pieces')
  expect((await readStdin('', -1)).type).toBe('whole')
})

test.each([5, null, {}, ['a']])('input that gives %j is refused, and its source closed', async (piece) => {
  let closed = false
  async function* pieces() {
    try {
      yield 'a'
      yield piece as never
    } finally {
      closed = true
    }
  }
  await expect(readStdin(pieces(), 10)).rejects.toMatchObject({
    kind: 'invalid-argument',
    violations: [{ field: 'stdin' }],
  })
  expect(closed).toBe(true)
})
