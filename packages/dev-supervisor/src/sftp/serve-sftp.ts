import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2'
import { announceExtensions } from './announce-extensions.js'
import { runExtension } from './sftp-extensions.js'
import { SftpFiles } from './sftp-files.js'
import { SftpHandles } from './sftp-handles.js'
import { toSftpStatus } from './sftp-status.js'

const { STATUS_CODE } = ssh2.utils.sftp

/** How many requests of a client may be unanswered; one that sends more loses its channel. */
const PENDING_LIMIT = 4_096

/** Serves SFTP on the files of a sandbox, with the rights of the supervisor; `workdir` is where relative paths start. */
export function serveSftp(sftp: SFTPWrapper, workdir: string): void {
  const handles = new SftpHandles()
  const files = new SftpFiles(workdir, handles)
  const requests = new Requests(sftp)
  const { done, handle, data, names, attributes } = requests
  announceExtensions(sftp)
  sftp.on('OPEN', (id, path, flags, attrs) => handle(id, files.open(path, flags, attrs)))
  sftp.on('OPENDIR', (id, path) => handle(id, files.openDirectory(path)))
  sftp.on('CLOSE', (id, opened) => done(id, files.close(opened)))
  sftp.on('READ', (id, opened, offset, length) => data(id, files.read(opened, offset, length)))
  sftp.on('WRITE', (id, opened, offset, bytes) => done(id, files.write(opened, offset, bytes)))
  sftp.on('READDIR', (id, opened) => names(id, files.readDirectory(opened)))
  sftp.on('STAT', (id, path) => attributes(id, files.status(path)))
  sftp.on('LSTAT', (id, path) => attributes(id, files.linkStatus(path)))
  sftp.on('FSTAT', (id, opened) => attributes(id, files.handleStatus(opened)))
  sftp.on('SETSTAT', (id, path, attrs) => done(id, files.setStatus(path, attrs)))
  sftp.on('FSETSTAT', (id, opened, attrs) => done(id, files.setHandleStatus(opened, attrs)))
  sftp.on('MKDIR', (id, path, attrs) => done(id, files.makeDirectory(path, attrs)))
  sftp.on('RMDIR', (id, path) => done(id, files.removeDirectory(path)))
  sftp.on('REMOVE', (id, path) => done(id, files.remove(path)))
  sftp.on('RENAME', (id, from, to) => done(id, files.rename(from, to)))
  sftp.on('SYMLINK', (id, path, target) => done(id, files.symbolicLink(path, target)))
  sftp.on('READLINK', (id, path) => names(id, files.readLink(path).then(onlyName)))
  sftp.on('REALPATH', (id, path) => names(id, files.realPath(path).then(onlyName)))
  sftp.on('EXTENDED', (id, name, bytes) => done(id, runExtension(files, name, bytes ?? Buffer.alloc(0))))
  // A client that breaks the protocol has lost its channel by now.
  sftp.on('error', () => {})
  // The end of the client's input is the end of the session; it waits for the channel to be closed.
  sftp.on('end', () => {
    sendExitStatus(sftp)
    sftp.end()
  })
  sftp.on('close', () => {
    requests.stop()
    void handles.closeAll()
  })
}

// Clients take the end of a subsystem without an exit status for a broken connection, and ssh2 has none for this one.
function sendExitStatus(sftp: SFTPWrapper): void {
  const { _protocol: protocol, outgoing } = sftp as unknown as {
    readonly _protocol: { exitStatus(channel: number, code: number): void }
    readonly outgoing: { readonly id: number; readonly state: string }
  }
  if (outgoing.state === 'open') protocol.exitStatus(outgoing.id, 0)
}

function onlyName(filename: string): FileEntry[] {
  return [{ filename, longname: filename, attrs: {} as Attributes }]
}

/** Answers requests with what comes out of them, as long as the client is there. */
class Requests {
  readonly #sftp: SFTPWrapper
  #pending = 0
  #stopped = false

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp
  }

  stop(): void {
    this.#stopped = true
  }

  readonly done = (id: number, outcome: Promise<void>): void =>
    this.#answer(id, outcome, () => this.#sftp.status(id, STATUS_CODE.OK))
  readonly handle = (id: number, outcome: Promise<Buffer>): void =>
    this.#answer(id, outcome, (handle) => this.#sftp.handle(id, handle))
  readonly data = (id: number, outcome: Promise<Buffer>): void =>
    this.#answer(id, outcome, (bytes) => this.#sftp.data(id, bytes))
  readonly names = (id: number, outcome: Promise<FileEntry[]>): void =>
    this.#answer(id, outcome, (entries) => this.#sftp.name(id, entries))
  readonly attributes = (id: number, outcome: Promise<Attributes>): void =>
    this.#answer(id, outcome, (attrs) => this.#sftp.attrs(id, attrs))

  #answer<T>(id: number, outcome: Promise<T>, succeed: (value: T) => void): void {
    this.#pending += 1
    if (this.#pending > PENDING_LIMIT) this.#sftp.end()
    outcome
      .then((value) => {
        if (!this.#stopped) succeed(value)
      })
      .catch((error: unknown) => {
        const { code, message } = toSftpStatus(error)
        if (!this.#stopped) this.#sftp.status(id, code, message)
      })
      .finally(() => {
        this.#pending -= 1
      })
  }
}
