import { readFileSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { GatewayStartError } from '../errors/gateway-start-error.js'

/** Writes a value as JSON that a person can read, in a file that only its owner can. */
export function writeJsonFile(path: string, value: unknown): void {
  writeFileAtomic.sync(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 })
}

/**
 * Reads what `writeJsonFile` wrote. A file that is not there gives `missing`, when that is given.
 *
 * @throws GatewayStartError that names the file when it cannot be read.
 */
export function readJsonFile<Value>(path: string, parse: (json: unknown) => Value, missing?: Value): Value {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (missing !== undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing
    throw unusableState(path, error)
  }
  try {
    return parse(JSON.parse(text))
  } catch (error) {
    throw unusableState(path, error)
  }
}

/** The error for state that cannot be read or written. */
export function unusableState(path: string, cause: unknown): GatewayStartError {
  return new GatewayStartError(
    'configuration',
    `The gateway's state in ${path} cannot be used; remove it to start without it.`,
    { cause },
  )
}
