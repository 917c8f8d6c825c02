import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExecStore } from '../src/files/exec-store.js'
import { Files } from '../src/files/files.js'
import { FileError, type Sandbox, type TransferProgress } from '../src/index.js'
import { linkSignals } from '../src/transport/linked-signal.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'

// A name has 255 bytes at most, also of letters that have three each.
const LONG_NAMES = ['x'.repeat(255), '漢'.repeat(85)]
const ODD_NAMES = ['--help', 'a b', "it's", 'new\nline', '$(touch x)', 'ünï*', '-', 'end\n', ...LONG_NAMES]

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const SETUPS = [
  ['0.0', 'SFTP'],
  ['0.1', 'SFTP'],
  // By the programs of the sandbox, the lines differ in how commands get their input only.
  ['0.0', 'programs'],
] as const

async function* chunksOf(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** The files of a sandbox as they are reached where it has no SFTP server. */
function byPrograms(sandbox: Sandbox): Files {
  const store = new ExecStore(sandbox.commands)
  return new Files(
    {
      link: linkSignals,
      assertOpen: async () => undefined,
      use: (_, work) => work(store),
      stream: async function* (_, work) {
        yield* work(store)
      },
    },
    'box',
  )
}

describe.each(SETUPS)('files on line %s over %s', (line, way) => {
  let stack: DevStack
  let sandbox: Sandbox
  let files: Files
  let workdir: string
  let local: string
  beforeAll(async () => {
    stack = await startDevStack({ line })
    sandbox = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
    workdir = (await sandbox.commands.run(['pwd', '-P'])).stdoutText.trim()
    local = await mkdtemp(join(tmpdir(), 'files-'))
    files = way === 'SFTP' ? sandbox.files : byPrograms(sandbox)
  })
  afterAll(async () => {
    await rm(local, { recursive: true, force: true })
    await stack[Symbol.asyncDispose]()
  })

  /** Names in a folder of the sandbox: nothing else may stay behind. */
  const namesIn = async (path: string) => (await files.list(path)).map(({ name }) => name)

  test('writes, looks at, lists, renames and removes files of all sizes and names', async () => {
    await files.mkdir('basic')
    for (const size of [0, 19 * 1024, 1024 * 1024 + 1]) {
      const bytes = randomBytes(size)
      await files.write('basic/sized', size % 2 === 0 ? bytes : chunksOf(bytes))
      const read = await files.read('basic/sized')
      expect([read.constructor, sha256(read)]).toEqual([Uint8Array, sha256(bytes)])
      for await (const piece of files.read('basic/sized', { format: 'stream' })) {
        expect(piece.constructor).toBe(Uint8Array)
      }
      expect(await files.stat('basic/sized')).toMatchObject({ type: 'file', sizeBytes: size, mode: 0o644 })
    }
    await files.mkdir('basic/odd')
    for (const name of ODD_NAMES) await files.write(`basic/odd/${name}`, name, { mode: 0o600 })
    expect((await namesIn('basic/odd')).sort()).toEqual([...ODD_NAMES].sort())
    for (const name of ODD_NAMES) expect(await files.read(`basic/odd/${name}`, { format: 'text' })).toBe(name)
    await files.write('--option', 'x')
    await files.rename('--option', 'basic/renamed')
    expect([await files.exists('--option'), await files.exists('basic/renamed')]).toEqual([false, true])
    await files.remove('basic', { recursive: true })
    expect(await files.stat('basic')).toBeUndefined()
    await files.remove('basic', { allowMissing: true })
  })

  test('says what is wrong, and with which path', async () => {
    await files.mkdir('wrong/deep', { recursive: true })
    await files.mkdir('wrong/deep', { recursive: true })
    await files.write('wrong/file', 'x')
    const kinds = async (work: Promise<unknown>) => {
      const error = await failureOf(work)
      expect(error).toBeInstanceOf(FileError)
      return [error.kind, (error as FileError).path]
    }
    expect(await kinds(files.read('wrong/none'))).toEqual(['not-found', 'wrong/none'])
    expect(await kinds(files.list('wrong/none'))).toEqual(['not-found', 'wrong/none'])
    expect(await kinds(files.remove('wrong/none'))).toEqual(['not-found', 'wrong/none'])
    expect(await kinds(files.rename('wrong/none', 'wrong/x'))).toEqual(['not-found', 'wrong/none'])
    expect((await kinds(files.write('wrong/none/x', 'x')))[0]).toBe('not-found')
    expect(await kinds(files.mkdir('wrong'))).toEqual(['already-exists', 'wrong'])
    expect(await kinds(files.remove('wrong'))).toEqual(['failed-precondition', 'wrong'])
    expect(await kinds(files.write('wrong/deep', 'x'))).toEqual(['failed-precondition', 'wrong/deep'])
    await files.write('wrong/made/for/it', 'x', { createParents: true })
    await sandbox.commands.run(['mkfifo', 'wrong/pipe'])
    expect(await kinds(files.write('wrong/pipe', 'x'))).toEqual(['failed-precondition', 'wrong/pipe'])
    expect(await failureOf(files.stat('a\0b'))).toMatchObject({ kind: 'invalid-argument' })
  })

  test('replaces a file as a whole or not at all', async () => {
    await files.mkdir('whole')
    await files.write('whole/file', 'old', { mode: 0o750 })
    await sandbox.commands.run(['ln', '-s', 'file', 'whole/link'])
    async function* failing() {
      yield 'new, but not '
      throw new RangeError('no more')
    }
    await expect(files.write('whole/file', failing())).rejects.toThrow(RangeError)
    expect(await files.read('whole/file', { format: 'text' })).toBe('old')
    if (way === 'SFTP') {
      async function* meddled() {
        yield 'new'
        // What has arrived is not what was sent.
        await sandbox.commands.run('truncate -s 1M whole/.file.*.part', { check: true })
      }
      const wrongSize = await failureOf(files.write('whole/file', meddled()))
      expect(wrongSize).toMatchObject({ kind: 'failed-precondition', path: 'whole/file' })
      expect(wrongSize.message).toContain('1048576 of 3 bytes')
      expect(await files.read('whole/file', { format: 'text' })).toBe('old')
    }
    await files.write('whole/link', 'new')
    expect(await files.read('whole/file', { format: 'text' })).toBe('new')
    expect(await files.stat('whole/file')).toMatchObject({ mode: 0o750 })
    expect(await files.list('whole')).toMatchObject([{ name: 'file' }, { name: 'link', type: 'symlink' }])
  })

  test('leaves nothing behind when a write is aborted midway', async () => {
    await files.mkdir('aborted')
    const stop = new AbortController()
    const reason = new Error('enough')
    async function* endless() {
      for (let chunk = 0; ; chunk += 1) {
        if (chunk === 40) stop.abort(reason)
        yield Buffer.alloc(64 * 1024)
      }
    }
    const error = await failureOf(files.write('aborted/file', endless(), { signal: stop.signal }))
    expect(error).toMatchObject({ kind: 'aborted', cause: reason })
    expect(await namesIn('aborted')).toEqual([])
  })

  test('leaves nothing behind when the copy of a tree is aborted midway, in or out', async () => {
    const reason = new Error('enough')
    const abortMidway = () => {
      const stop = new AbortController()
      return { signal: stop.signal, onProgress: () => stop.abort(reason) }
    }
    const source = join(local, 'given-up')
    await mkdir(source)
    await writeFile(join(source, 'large'), randomBytes(1024 * 1024))
    await files.mkdir('given-up')
    const up = await failureOf(files.upload(source, 'given-up', abortMidway()))
    expect(up).toMatchObject({ kind: 'aborted', cause: reason })
    expect(await namesIn('given-up')).toEqual([])
    await files.upload(source, 'given-up')
    const down = await failureOf(files.download('given-up', join(local, 'out'), abortMidway()))
    expect(down).toMatchObject({ kind: 'aborted', cause: reason })
    expect(await readdir(join(local, 'out'))).toEqual([])
  })

  test('copies trees in and out, with links, modes and odd names, and tells how far it is', async () => {
    const source = join(local, 'source')
    await mkdir(join(source, 'sub/empty'), { recursive: true })
    for (const name of ODD_NAMES) await writeFile(join(source, 'sub', name), name)
    await writeFile(join(source, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
    const large = randomBytes(2 * 1024 * 1024)
    await writeFile(join(source, 'large'), large)
    await symlink('sub/a b', join(source, 'link'))
    const told: TransferProgress[] = []
    const onProgress = (progress: TransferProgress) => told.push(progress)
    const up = await files.upload(source, 'trees', { onProgress })
    expect(up).toMatchObject({ path: `${workdir}/trees/source`, files: ODD_NAMES.length + 2, skipped: [] })
    const totals = { totalBytes: up.bytes, totalFiles: up.files }
    expect(told[0]).toMatchObject({ ...totals, files: 1 })
    expect(told.at(-1)).toMatchObject({ ...totals, bytes: up.bytes, files: up.files })
    expect(await namesIn('trees')).toEqual(['source'])
    expect(await files.stat('trees/source/run.sh')).toMatchObject({ mode: 0o755 })
    await files.write('trees/source/kept', 'k')
    await writeFile(join(source, 'run.sh'), 'second\n')
    await files.upload(`${source}/`, 'trees/source')
    expect(await files.read('trees/source/run.sh', { format: 'text' })).toBe('second\n')
    expect(await files.exists('trees/source/kept')).toBe(true)

    told.length = 0
    const down = await files.download('trees/source', join(local, 'back'), { onProgress })
    expect(down).toMatchObject({ path: join(local, 'back/source'), files: ODD_NAMES.length + 3 })
    expect(told[0]).toMatchObject({ totalBytes: down.bytes, totalFiles: down.files, files: 1 })
    const back = join(local, 'back/source')
    for (const name of ODD_NAMES) expect(await readFile(join(back, 'sub', name), 'utf8')).toBe(name)
    expect(sha256(await readFile(join(back, 'large')))).toBe(sha256(large))
    expect(await readlink(join(back, 'link'))).toBe('sub/a b')
    expect((await lstat(join(back, 'sub/empty'))).isDirectory()).toBe(true)
  })

  // Line 0.1 gives a command its input while it runs, and line 0.0 all of it at once.
  if (line === '0.1')
    test('go in and out by the programs of the sandbox too', async () => {
      const programs = byPrograms(sandbox)
      const source = join(local, 'by-programs')
      await mkdir(source)
      const bytes = randomBytes(1024 * 1024 + 1)
      await writeFile(join(source, '--large'), bytes)
      await programs.upload(source, '.')
      await programs.write('by-programs/written', chunksOf(bytes))
      await programs.download('by-programs', join(local, 'programs-back'))
      for (const name of ['--large', 'written']) {
        expect(sha256(await readFile(join(local, 'programs-back/by-programs', name)))).toBe(sha256(bytes))
      }
    })

  test('copies one file as cp does, and nothing from outside the working directory', async () => {
    await files.mkdir('one')
    await files.write('one/--help', 'text')
    await sandbox.commands.run(['ln', '-s', '/etc', 'one/outside'])
    const into = join(local, 'one')
    expect(await files.download('one/--help', join(into, 'out.txt'))).toMatchObject({ files: 1, bytes: 4 })
    expect(await readFile(join(into, 'out.txt'), 'utf8')).toBe('text')
    for (const folder of [`${into}/`, `${into}/.`, `${into}/sub/..`])
      expect((await files.download('one/--help', folder)).path).toBe(join(into, '--help'))
    const folder = { kind: 'failed-precondition', reason: 'EISDIR', hint: expect.stringContaining('with /') }
    expect(await failureOf(files.download('one/--help', into))).toMatchObject(folder)
    for (const path of ['../../../../../../etc/passwd', '/etc/passwd', 'one/outside', 'one/outside/passwd']) {
      const error = await failureOf(files.download(path, join(into, 'refused')))
      expect(error).toMatchObject({ kind: 'permission-denied', reason: 'OUTSIDE_WORKING_DIRECTORY', path })
      expect(error.message).toContain('/etc')
    }
    expect((await failureOf(files.upload(join(into, 'out.txt'), '/tmp/x'))).reason).toBe('OUTSIDE_WORKING_DIRECTORY')
    await expect(lstat(join(into, 'refused'))).rejects.toThrow('ENOENT')
    const places: [string, string][] = [[join(into, 'out.txt'), 'ENOTDIR']]
    // Nobody makes anything there, and Node's own way to make folders tries for ever.
    if (process.platform === 'linux') places.push(['/proc', 'ENOENT'], ['/proc/none/below', 'ENOENT'])
    for (const [place, reason] of places) {
      for (const path of ['one', 'one/--help']) {
        const told = { name: 'FileError', reason, message: expect.stringContaining('Local file') }
        expect(await failureOf(files.download(path, `${place}/`))).toMatchObject(told)
      }
    }
    await files.download('/etc/passwd', join(into, 'passwd'), { allowOutside: true })
    await files.upload(join(into, 'out.txt'), 'one/made/too/')
    expect(await files.read('one/made/too/out.txt', { format: 'text' })).toBe('text')
  })

  test('refuses or leaves out links that lead outside, and writes through none', async () => {
    await sandbox.commands.run(
      'mkdir -p evil/x && echo in > evil/in && ln -s /etc/passwd evil/absolute && ln -s ../.. evil/up && ln -s .. evil/x/b && ln -s x/b/.. evil/chain && mkfifo evil/pipe',
    )
    const into = join(local, 'evil-copy')
    const refused = await failureOf(files.download('evil/', into))
    expect(refused).toMatchObject({ kind: 'permission-denied', reason: 'UNSAFE_ENTRY' })
    await expect(lstat(into)).rejects.toThrow('ENOENT')
    const { skipped } = await files.download('evil/', into, { onUnsafe: 'skip' })
    expect(skipped.map(({ path }) => path).sort()).toEqual(['absolute', 'chain', 'pipe', 'up'])
    expect(await readFile(join(into, 'in'), 'utf8')).toBe('in\n')
  })

  test('tells loops, files in the place of folders, and names that no text can hold', async () => {
    const notUtf8 = `"$(printf 'n\\377')"`
    await sandbox.commands.run(
      `mkdir odd && cd odd && ln -s loop loop && echo x > f && echo x > ${notUtf8} && mkdir d${notUtf8} && echo x > d${notUtf8}/in`,
      { check: true },
    )
    expect(await failureOf(files.list('odd/f'))).toMatchObject({ kind: 'failed-precondition', reason: 'ENOTDIR' })
    expect(await files.stat('odd/loop')).toBeUndefined()
    expect(await failureOf(files.read('odd/loop'))).toMatchObject({ kind: 'not-found' })
    expect(await failureOf(files.download('odd/loop', local))).toMatchObject({ kind: 'not-found' })
    const into = join(local, 'odd-copy')
    expect(await failureOf(files.download('odd/', into))).toMatchObject({ reason: 'UNSAFE_ENTRY' })
    const { skipped } = await files.download('odd/', into, { onUnsafe: 'skip' })
    expect(new Set(skipped.map(({ reason }) => reason))).toEqual(new Set(['its name is no UTF-8 text']))
    expect((await readdir(into)).sort()).toEqual(['f', 'loop'])
    expect((await namesIn('odd')).sort()).toEqual(['dn\ufffd', 'f', 'loop', 'n\ufffd'])
    await files.remove('odd', { recursive: true })
    expect(await files.exists('odd')).toBe(false)
  })

  if (way === 'SFTP')
    test('says what remains of a folder when the sandbox does not remove names that no text can hold', async () => {
      const script = `mkdir -p left/sub outside && cd left && echo x > outside-in && echo x > sub/n"$(printf '\\377')" && ln -s ../outside '\ufffd' && mkdir "$(printf '\\376')"`
      await sandbox.commands.run(`${script} && echo x > ../outside/kept`, { check: true })
      {
        using _fault = stack.gateway.faults.add({ rpc: 'ExecSandbox', effect: 'status', code: 'PERMISSION_DENIED' })
        const error = await failureOf(files.remove('left', { recursive: true }))
        expect(error).toMatchObject({ reason: 'NOT_UTF8', path: 'left', cause: { kind: 'permission-denied' } })
        expect(error.message).toMatch(/but for "left\/(?:\ufffd", "left\/sub\/n\ufffd|sub\/n\ufffd", "left\/\ufffd)": /)
      }
      expect((await namesIn('left')).sort()).toEqual(['sub', '\ufffd'])
      expect(await namesIn('left/sub')).toEqual(['n\ufffd'])
      expect(await namesIn('outside')).toEqual(['kept'])
    })

  test('leaves out local files that are none, when it is told to', async () => {
    const source = join(local, 'mixed')
    await mkdir(source)
    await writeFile(join(source, 'good'), 'g')
    execFileSync('mkfifo', [join(source, 'pipe')])
    const error = await failureOf(files.upload(source, 'mixed'))
    expect(error).toMatchObject({ path: join(source, 'pipe') })
    expect(await namesIn('mixed')).toEqual([])
    const { files: count, skipped } = await files.upload(source, 'mixed', { onUnreadable: 'skip' })
    expect([count, skipped.map(({ path }) => path)]).toEqual([1, [join(source, 'pipe')]])
    expect(await namesIn('mixed')).toEqual(['mixed'])
  })
})
