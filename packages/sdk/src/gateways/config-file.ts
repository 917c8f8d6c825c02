import { readSmallFile } from '../transport/read-small-file.js'
import { discoveryError } from './discovery-error.js'

/** A file of the configuration. */
export interface ConfigFile {
  readonly text: string
  /** Permission bits. */
  readonly mode: number
}

/** Reads a file of the configuration; absent when it does not exist. Throws kind `configuration` when it cannot be read. */
export async function readConfigFile(path: string): Promise<ConfigFile | undefined> {
  const reading = await readSmallFile(path)
  switch (reading.type) {
    case 'absent':
      return undefined
    case 'read':
      return { text: reading.bytes.toString('utf8').replace(/^\uFEFF/, ''), mode: reading.mode & 0o777 }
    case 'unreadable': {
      const { problem, cause } = reading
      throw discoveryError({ path, problem, hint: 'Check the file and its permissions.', cause })
    }
  }
}

/** The object that a JSON text holds; absent when it holds none. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.fromEntries(Object.entries(value))
  } catch {
    return undefined
  }
}

/** A text under a key; absent when it is blank or none. */
export function textAt(object: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = object[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
