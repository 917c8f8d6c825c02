import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SFTPWrapper } from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type TestSandbox } from './sandbox.js'

const run = promisify(execFile)

let sandbox: TestSandbox
let sftp: SFTPWrapper
let socketFolder: string

beforeAll(async () => {
  socketFolder = await mkdtemp(join(tmpdir(), 'sftp-'))
  sandbox = await startSandbox({ sshSocketPath: join(socketFolder, 'ssh.sock') })
  const { client } = await sandbox.gateway.openSsh()
  sftp = await promisify(client.sftp.bind(client))()
})

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await rm(socketFolder, { recursive: true })
})

const inside = (name: string) => join(sandbox.workdir, name)
type Call = (done: (error?: Error | null, value?: never) => void) => unknown
const call = <T>(start: (done: (error: Error | null | undefined, value: T) => void) => unknown) =>
  promisify(start as Call)() as Promise<T>

test('a file of several megabytes goes up and comes down unchanged, with its mode', async () => {
  const content = Buffer.alloc(5_000_001, 'content of a file, ')
  await writeFile(inside('local'), content)
  await call((done) => sftp.fastPut(inside('local'), 'remote', { mode: 0o640 }, done as never))
  expect((await readFile(inside('remote'))).equals(content)).toBe(true)
  expect((await stat(inside('remote'))).mode & 0o777).toBe(0o640)
  await call((done) => sftp.fastGet('remote', inside('back'), done as never))
  expect((await readFile(inside('back'))).equals(content)).toBe(true)
})

test('appending goes to the end, whatever the offset says', async () => {
  await writeFile(inside('log'), 'one\n')
  await call((done) => sftp.appendFile('log', 'two\n', done as never))
  expect(await readFile(inside('log'), 'utf8')).toBe('one\ntwo\n')
})

test('a folder of many files is listed completely, with attributes', async () => {
  await call((done) => sftp.mkdir('many', done as never))
  const names = Array.from({ length: 300 }, (_, index) => `file-${index}`)
  await Promise.all(names.map((name) => writeFile(inside(`many/${name}`), name)))
  const list = await call<{ filename: string; longname: string; attrs: { size: number } }[]>((done) =>
    sftp.readdir('many', done as never),
  )
  expect(list.map(({ filename }) => filename).sort()).toEqual([...names].sort())
  expect(list.find(({ filename }) => filename === 'file-7')).toMatchObject({
    attrs: { size: 6 },
    longname: expect.stringMatching(/^-rw-.* 6 .* file-7$/),
  })
})

test('links, renames, attributes and paths', async () => {
  await writeFile(inside('target'), 'here')
  await call((done) => sftp.symlink('target', 'pointer', done as never))
  expect(await readlink(inside('pointer'))).toBe('target')
  expect(await call<string>((done) => sftp.readlink('pointer', done as never))).toBe('target')
  expect(await call<string>((done) => sftp.realpath('./pointer', done as never))).toBe(inside('target'))
  expect(await call<string>((done) => sftp.realpath('.', done as never))).toBe(sandbox.workdir)
  const link = await call<{ isSymbolicLink(): boolean }>((done) => sftp.lstat('pointer', done as never))
  expect(link.isSymbolicLink()).toBe(true)
  await call((done) =>
    sftp.setstat('target', { mode: 0o600, mtime: 1_000, atime: 2_000, size: 2 } as never, done as never),
  )
  expect(await stat(inside('target'))).toMatchObject({ size: 2, mtimeMs: 1_000_000, atimeMs: 2_000_000 })
  await call((done) => sftp.rename('target', 'moved', done as never))
  expect(await readFile(inside('moved'), 'utf8')).toBe('he')
  await call((done) => sftp.unlink('moved', done as never))
  await call((done) => sftp.mkdir('empty', done as never))
  await call((done) => sftp.rmdir('empty', done as never))
  expect(existsSync(inside('moved')) || existsSync(inside('empty'))).toBe(false)
})

test('a rename that replaces, a hard link and a flush to the disk are announced, and done', async () => {
  await writeFile(inside('old'), 'old')
  await writeFile(inside('new'), 'new')
  await call((done) => sftp.ext_openssh_rename('new', 'old', done as never))
  expect(await readFile(inside('old'), 'utf8')).toBe('new')
  await call((done) => sftp.ext_openssh_hardlink('old', 'second', done as never))
  expect((await stat(inside('second'))).nlink).toBe(2)
  const handle = await call<Buffer>((done) => sftp.open('old', 'a', done as never))
  await call((done) => sftp.ext_openssh_fsync(handle, done as never))
  await call((done) => sftp.close(handle, done as never))
  await expect(call((done) => sftp.ext_openssh_fsync(handle, done as never))).rejects.toMatchObject({ code: 4 })
})

describe('what cannot be done has its status', () => {
  const { NO_SUCH_FILE, FAILURE, BAD_MESSAGE } = { NO_SUCH_FILE: 2, FAILURE: 4, BAD_MESSAGE: 5 }
  beforeAll(async () => {
    await writeFile(inside('file'), '')
    await writeFile(inside('other'), '')
    await mkdir(inside('full/inner'), { recursive: true })
  })
  test.each<[string, (done: (error?: Error | null) => void) => unknown, number]>([
    ['a missing file', (done) => sftp.stat('missing', done), NO_SUCH_FILE],
    ['a file as a folder', (done) => sftp.opendir('file', done), NO_SUCH_FILE],
    ['a rename onto something', (done) => sftp.rename('file', 'other', done), FAILURE],
    ['a folder renamed onto something', (done) => sftp.rename('full', 'other', done), FAILURE],
    ['a folder that is there', (done) => sftp.mkdir('full', done), FAILURE],
    ['a folder that is not empty', (done) => sftp.rmdir('full', done), FAILURE],
    ['a name that is too long', (done) => sftp.stat('x'.repeat(300), done), BAD_MESSAGE],
    ['a handle that nobody has', (done) => sftp.close(Buffer.from('nope'), done), FAILURE],
    ['reading through such a handle', (done) => sftp.fstat(Buffer.alloc(4), done as never), FAILURE],
  ])('%s', async (_name, start, code) => {
    await expect(promisify(start as Call)()).rejects.toMatchObject({ code })
  })
})

test('the handles of a client are bounded, and free again when it is gone', async () => {
  const { client } = await sandbox.gateway.openSsh()
  const other = await promisify(client.sftp.bind(client))()
  await writeFile(inside('popular'), '')
  const open = () => call<Buffer>((done) => other.open('popular', 'r', done as never))
  for (let opened = 0; opened < 256; opened++) await open()
  await expect(open()).rejects.toMatchObject({ code: 4, message: 'At most 256 handles may be open' })
  other.end()
  const { client: next } = await sandbox.gateway.openSsh()
  const fresh = await promisify(next.sftp.bind(next))()
  await call<Buffer>((done) => fresh.open('popular', 'r', done as never))
})

test('a pipe of the file system can be read while others are served', async () => {
  await truncate(inside('popular'), 3).catch(() => writeFile(inside('popular'), 'abc'))
  await symlink('/dev/zero', inside('zero'))
  const handle = await call<Buffer>((done) => sftp.open('zero', 'r', done as never))
  const bytes = await new Promise<number>((resolve, reject) => {
    sftp.read(handle, Buffer.alloc(10), 0, 10, 0, (error, count) => (error ? reject(error) : resolve(count)))
  })
  expect(bytes).toBe(10)
})

const openSsh = existsSync('/usr/bin/sftp') && existsSync('/usr/bin/scp')

describe.runIf(openSsh)('with the clients of OpenSSH', () => {
  const pipe = `const s=require("net").connect(process.argv[1]);process.stdin.pipe(s);s.pipe(process.stdout)`
  const options = () => [
    ...['-o', `ProxyCommand=${process.execPath} -e '${pipe}' ${join(socketFolder, 'ssh.sock')}`],
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes', '-q'],
  ]

  test('sftp runs a batch', async () => {
    const batch = join(socketFolder, 'batch')
    await writeFile(join(socketFolder, 'up'), 'from outside')
    const lines = [
      `put -f ${socketFolder}/up up`,
      `put ${socketFolder}/up renamed`,
      'rename up renamed',
      'mkdir d',
      'chmod 600 renamed',
      'ls -l',
      'pwd',
    ]
    await writeFile(batch, [...lines, `get renamed ${socketFolder}/down`, 'rm renamed', 'rmdir d'].join('\n'))
    const { stdout } = await run('/usr/bin/sftp', [...options(), '-b', batch, 'sandbox@box'])
    expect(stdout).toContain(`Remote working directory: ${sandbox.workdir}`)
    expect(stdout).toMatch(/-rw------- .* renamed/)
    expect(await readFile(join(socketFolder, 'down'), 'utf8')).toBe('from outside')
    expect(existsSync(inside('renamed'))).toBe(false)
  })

  test('scp copies a folder there and back', async () => {
    await mkdir(join(socketFolder, 'tree/deep'), { recursive: true })
    await writeFile(join(socketFolder, 'tree/deep/leaf'), 'green')
    await run('/usr/bin/scp', [...options(), '-r', join(socketFolder, 'tree'), 'sandbox@box:copied'])
    await run('/usr/bin/scp', [...options(), '-r', 'sandbox@box:copied', join(socketFolder, 'returned')])
    expect(await readFile(join(socketFolder, 'returned/deep/leaf'), 'utf8')).toBe('green')
  })
})
