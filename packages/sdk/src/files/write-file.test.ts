import { expect, test } from 'vitest'
import { toChunks } from './write-file.js'

async function* given(...chunks: unknown[]): AsyncGenerator<never, void> {
  for (const chunk of chunks) yield chunk as never
}

test.each([5, null, {}, ['a']])('content that gives %j is refused, and ends there', async (chunk) => {
  const read = toChunks(given('a', chunk, 'b'))
  expect((await read.next()).value).toEqual(new TextEncoder().encode('a'))
  await expect(read.next()).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field: 'content' }] })
  expect(await read.next()).toMatchObject({ done: true })
})
