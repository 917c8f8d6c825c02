import { posix } from 'node:path'
import type { CommandRunOptions } from '../commands/command-options.js'
import type { Commands } from '../commands/commands.js'
import { FileError, fileError, tooManyNames } from './file-error.js'
import { type FileInfo, toFileType } from './file-info.js'
import type { FileStore, TreeEntry } from './file-store.js'
import type { SizedEntry } from './measure-tree.js'
import { toPathArgument } from './remote-path.js'
import { packEntries, unpackEntries } from './tar-entries.js'

const ABSENT_CODE = 44
// Texts are read below, so that they must be English; and a folder must be the one that is named.
const ENVIRONMENT = { LC_ALL: 'C', CDPATH: '' }
const KEPT_ERROR_BYTES = 4096
// A sandbox may name files without end.
const MAX_LIST_BYTES = 128 * 1024 * 1024

const EXISTS = `[ -e "$1" ] || [ -L "$1" ] || exit ${ABSENT_CODE}`
const STAT = 'stat -c "%f|%s|%Y"'
const LIST = `${EXISTS}; cd "$1" && exec find . ! -name . -prune -exec sh -c 'for f do printf "%s|%s\\0" "$(${STAT} "$f")" "$f"; done' sh {} +`

/** Files by the programs of the sandbox, where it has no SFTP server: needs sh, cat, stat, find, mv, rm, tar. */
export class ExecStore implements FileStore {
  readonly #commands: Commands

  constructor(commands: Commands) {
    this.#commands = commands
  }

  async realPath(path: string): Promise<string> {
    return dropNewline(await this.#run(path, `${EXISTS}; exec readlink -fv "$1"`, [path]))
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#stat(path, `[ -e "$1" ] || exit ${ABSENT_CODE}; exec ${STAT} -L "$1"`)
  }

  linkStat(path: string): Promise<FileInfo | undefined> {
    return this.#stat(path, `${EXISTS}; exec ${STAT} "$1"`)
  }

  async list(path: string): Promise<FileInfo[]> {
    const listed = await this.#run(path, LIST, [path], { maxOutputBytes: MAX_LIST_BYTES })
    const records = listed.split('\0').slice(0, -1)
    return records.flatMap((record) => {
      const [, stats, name] = /^([^|]*\|[^|]*\|[^|]*)\|\.\/(.*)$/s.exec(record) ?? []
      // What was removed after it was found has no state.
      return stats === undefined || name === undefined ? [] : [toInfo(posix.join(path, name), stats)]
    })
  }

  read(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#stream(path, `${EXISTS}; exec cat "$1"`, signal)
  }

  async write(path: string, data: AsyncIterable<Uint8Array>, mode: number, signal: AbortSignal): Promise<void> {
    const bits = mode.toString(8)
    await this.#run(path, 'cat >"$1" && exec chmod "$2" "$1"', [path, bits], { stdin: data, signal })
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    await this.#run(path, 'exec mkdir -m "$2" "$1"', [path, mode.toString(8)])
  }

  async removeFile(path: string): Promise<void> {
    await this.#run(
      path,
      `${EXISTS}; [ ! -d "$1" ] || [ -L "$1" ] || { echo Is a directory >&2; exit 1; }; exec rm -f "$1"`,
      [path],
    )
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#run(path, `${EXISTS}; exec rmdir "$1"`, [path])
  }

  async removeTree(path: string): Promise<void> {
    await this.#run(path, `${EXISTS}; exec rm -rf "$1"`, [path])
  }

  async replace(from: string, to: string): Promise<void> {
    await this.#run(from, `${EXISTS}; exec mv -fT "$1" "$2"`, [from, to])
  }

  readTree(path: string, signal: AbortSignal): AsyncIterable<TreeEntry> {
    return unpackEntries(this.#stream(path, `${EXISTS}; cd "$1" && exec tar -cf - .`, signal))
  }

  async *surveyTree(path: string, signal: AbortSignal): AsyncGenerator<SizedEntry, void> {
    const script = `${EXISTS}; cd "$1" && exec find . -type f -exec stat -c %s {} +`
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of this.#stream(path, script, signal)) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) yield { type: 'file', sizeBytes: toSize(line, path) }
      if (text.length > 0) toSize(text, path)
    }
  }

  async writeTree(path: string, entries: AsyncIterable<TreeEntry>, signal: AbortSignal): Promise<void> {
    const script = 'mkdir "$1" && cd "$1" && exec tar -xpof -'
    await this.#run(path, script, [path], { stdin: packEntries(entries), signal })
  }

  async close(): Promise<void> {}

  async #stat(path: string, script: string): Promise<FileInfo | undefined> {
    try {
      return toInfo(path, dropNewline(await this.#run(path, script, [path])))
    } catch (error) {
      if (error instanceof Error && 'kind' in error && error.kind === 'not-found') return undefined
      throw error
    }
  }

  /** Runs a script and returns what it wrote. Its arguments are paths first. */
  async #run(
    path: string,
    script: string,
    paths: readonly string[],
    options: Pick<CommandRunOptions, 'stdin' | 'signal' | 'maxOutputBytes'> = {},
  ): Promise<string> {
    const command = ['sh', '-c', script, 'sh', ...paths.map(toPathArgument)]
    const result = await this.#commands.run(command, { ...options, environment: ENVIRONMENT })
    if (result.exitCode !== 0) throw failed(path, result.exitCode, result.stderrText)
    if (result.outputError) throw brokenOff(path, result.outputError)
    if (result.truncatedStreams.includes('stdout')) throw tooManyNames(path)
    return result.stdoutText
  }

  async *#stream(path: string, script: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const command = ['sh', '-c', script, 'sh', toPathArgument(path)]
    await using handle = await this.#commands.start(command, { environment: ENVIRONMENT, signal })
    let errors = ''
    for await (const event of handle) {
      if (event.type === 'stdout') yield event.data
      else if (event.type === 'stderr')
        errors = (errors + new TextDecoder().decode(event.data)).slice(0, KEPT_ERROR_BYTES)
      else if (event.exitCode !== 0) throw failed(path, event.exitCode, errors)
      else if (!event.outputComplete) throw brokenOff(path, event.outputError)
    }
  }
}

const CODES: readonly (readonly [RegExp, string])[] = [
  [/no space left/i, 'ENOSPC'],
  [/quota exceeded/i, 'EDQUOT'],
  [/file too large/i, 'EFBIG'],
  [/permission denied|not permitted/i, 'EACCES'],
  [/read-only file system/i, 'EROFS'],
  [/file exists/i, 'EEXIST'],
  [/not empty/i, 'ENOTEMPTY'],
  [/is a directory|cannot overwrite directory/i, 'EISDIR'],
  [/not a directory|can't cd/i, 'ENOTDIR'],
  // SFTP has no word of its own for it.
  [/no such file|nonexistent|does not exist|too many (levels of )?symbolic links/i, 'ENOENT'],
]

function failed(path: string, exitCode: number, errors: string): Error {
  const text = errors.trim()
  const known = exitCode === ABSENT_CODE ? 'ENOENT' : CODES.find(([words]) => words.test(text))?.[1]
  return fileError(known ?? '', path, text === '' ? `exit code ${exitCode}` : text.slice(0, 500))
}

// Without its end, what has arrived looks like the whole.
function brokenOff(path: string, cause: unknown): FileError {
  const message = `${JSON.stringify(path)}: the connection broke off before all of it had arrived.`
  return new FileError({ kind: 'unavailable', path, message, hint: 'Read it again.', cause })
}

function toSize(line: string, path: string): number {
  if (/^\d{1,15}$/.test(line)) return Number(line)
  throw fileError('', path, 'the sandbox gave a size that is no number')
}

function dropNewline(text: string): string {
  return text.replace(/\n$/, '')
}

function toInfo(path: string, stats: string): FileInfo {
  const [rawMode = '0', size = '0', modified = '0'] = stats.split('|')
  const mode = Number.parseInt(rawMode, 16)
  return {
    path,
    name: posix.basename(path),
    type: toFileType(mode),
    sizeBytes: Number(size),
    mode: mode & 0o7777,
    modifiedAt: new Date(Number(modified) * 1000),
  }
}
