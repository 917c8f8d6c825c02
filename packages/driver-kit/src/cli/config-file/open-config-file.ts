import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { text as readStream } from 'node:stream/consumers'
import { type ConfigFile, UnreadableTextError } from './config-file.js'
import { CouldNotCheckError } from './could-not-check-error.js'

/** A block has at most 65,536 bytes; a template with blocks for many drivers and comments still fits easily. */
const sizeLimitBytes = 1_048_576

/** A file of a command line. */
export interface OpenedFile {
  /** Its name for reports: the path, or `<stdin>`. */
  readonly name: string
  readonly text: string
  readonly file: ConfigFile
}

/**
 * Reads a file of JSON, JSON with comments or YAML, or the standard input for `-`.
 *
 * The ending decides: `.json` and `.jsonc` are JSON, `.yaml` and `.yml` are YAML. For others, a text that begins with a brace
 * or a comment of JSON is JSON.
 *
 * @throws CouldNotCheckError that names the file, and the place when its text cannot be read.
 */
export async function openConfigFile(path: string): Promise<OpenedFile> {
  const name = path === '-' ? '<stdin>' : path
  const text = await readText(path, name)
  return { name, text, file: await readConfigText(text, name) }
}

/** The same for a text that is there already. */
export async function readConfigText(text: string, name: string): Promise<ConfigFile> {
  // A driver that serves has no use for the readers.
  try {
    if (isJson(text, name)) return (await import('./read-json-text.js')).readJsonText(text)
    return (await import('./read-yaml-text.js')).readYamlText(text)
  } catch (cause) {
    if (!(cause instanceof UnreadableTextError)) throw cause
    const { line, column } = cause.position
    throw new CouldNotCheckError(`${name}:${line}:${column}: the file ${cause.message}; correct it first.`, { cause })
  }
}

function isJson(text: string, name: string): boolean {
  const ending = extname(name).toLowerCase()
  if (ending === '.json' || ending === '.jsonc') return true
  return ending !== '.yaml' && ending !== '.yml' && /^\s*(?:\{|\/[/*])/.test(text)
}

async function readText(path: string, name: string): Promise<string> {
  try {
    if (path === '-') return refuseSize(await readStream(process.stdin), name)
    const { size } = await stat(path)
    if (size > sizeLimitBytes) throw tooLarge(name)
    return refuseSize(await readFile(path, 'utf8'), name)
  } catch (cause) {
    if (cause instanceof CouldNotCheckError) throw cause
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new CouldNotCheckError(`The file ${name} cannot be read (${reason}); give the path of a config file.`, {
      cause,
    })
  }
}

function refuseSize(text: string, name: string): string {
  if (Buffer.byteLength(text) > sizeLimitBytes) throw tooLarge(name)
  // Some editors put a mark before the first character.
  return text.replace(/^\uFEFF/, '')
}

function tooLarge(name: string): CouldNotCheckError {
  return new CouldNotCheckError(`The file ${name} has more than ${sizeLimitBytes} bytes; config files are far smaller.`)
}
