import { expect, test } from 'vitest'
import { packEntries, unpackEntries } from './tar-entries.js'

const MIB = 1024 * 1024
const FILE = '0'
const EXTENDED_HEADER = 'x'

function header(name: string, sizeBytes: number, type: string): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(name, 0)
  block.write('0000644\0', 100)
  block.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

async function* archive(
  entries: readonly { readonly name: string; readonly sizeMib: number; readonly type: string }[],
): AsyncGenerator<Uint8Array, void> {
  for (const { name, sizeMib, type } of entries) {
    yield header(name, sizeMib * MIB, type)
    for (let sent = 0; sent < sizeMib; sent += 1) yield new Uint8Array(MIB)
  }
  yield new Uint8Array(1024)
}

async function pathsOf(source: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const { path } of unpackEntries(source)) paths.push(path)
  return paths
}

test('an archive that gets to no entry is given up before it fills the memory', async () => {
  const endless = archive([{ name: 'extended', sizeMib: 1024, type: EXTENDED_HEADER }])
  await expect(pathsOf(endless)).rejects.toMatchObject({ message: expect.stringContaining('too much that is no file') })
})

test('an archive of large files that nobody reads is read to its end', async () => {
  const names = ['f0', 'f1', 'f2']
  expect(await pathsOf(archive(names.map((name) => ({ name, sizeMib: 20, type: FILE }))))).toEqual(names)
})

test.each([1, 3])(
  'a file that has %d pieces where two were announced ends the archive with its name',
  async (count) => {
    async function* entries() {
      const content = (async function* () {
        for (let sent = 0; sent < count; sent += 1) yield new Uint8Array(MIB)
      })()
      yield { type: 'file', path: 'a/log', mode: 0o644, sizeBytes: 2 * MIB, content } as const
      yield { type: 'directory', path: 'b', mode: 0o755 } as const
    }
    const packed = (async () => {
      for await (const _ of packEntries(entries()));
    })()
    await expect(packed).rejects.toMatchObject({ message: expect.stringContaining('"a/log": its size has changed') })
  },
)

test('an archive that is left early closes the file that it was at', async () => {
  let closed = false
  async function* content() {
    try {
      for (;;) yield new Uint8Array(MIB)
    } finally {
      closed = true
    }
  }
  async function* entries() {
    yield { type: 'file', path: 'large', mode: 0o644, sizeBytes: 1024 * MIB, content: content() } as const
  }
  for await (const _ of packEntries(entries())) break
  await expect.poll(() => closed).toBe(true)
})
