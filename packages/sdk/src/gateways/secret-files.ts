import type { Logger } from '../transport/logger.js'
import { readConfigFile } from './config-file.js'

/** Reads files that hold secrets. One that others may read is used, with one warning. */
export class SecretFiles {
  readonly #logger: Logger | undefined
  readonly #warned = new Set<string>()

  constructor(logger: Logger | undefined) {
    this.#logger = logger
  }

  /** The text of a file, trimmed; absent when the file is missing or blank. */
  async read(path: string): Promise<string | undefined> {
    const file = await readConfigFile(path)
    if (!file) return undefined
    // Windows has no such bits.
    if (process.platform !== 'win32' && (file.mode & 0o077) !== 0 && !this.#warned.has(path)) {
      this.#warned.add(path)
      this.#logger?.warn(`${path} holds a secret and is open to other users. Run: chmod 600 ${path}`)
    }
    const text = file.text.trim()
    return text === '' ? undefined : text
  }
}
