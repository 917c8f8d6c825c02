import { posix } from 'node:path'
import { violation } from '../checks/check-text.js'
import { throwViolations } from '../checks/throw-violations.js'

/** Refuses what no file can be called. Throws kind `invalid-argument`. */
export function checkRemotePath(path: unknown, field = 'path'): asserts path is string {
  const problem =
    typeof path !== 'string'
      ? violation(field, 'TYPE_MISMATCH', `must be a text, got ${typeof path}`)
      : path === ''
        ? violation(field, 'REQUIRED', 'must not be empty')
        : path.includes('\0')
          ? violation(field, 'INVALID_CHARACTER', 'contains a null byte')
          : undefined
  throwViolations('files', problem ? [problem] : [])
}

/** A path as an argument that no program takes for an option. The gateway quotes arguments, so nothing else is special in it. */
export function toPathArgument(path: string): string {
  return path.startsWith('-') ? `./${path}` : path
}

/** True when a path without links and dots is the folder or lies in it. */
export function isInside(folder: string, path: string): boolean {
  const relative = posix.relative(folder, path)
  return relative !== '..' && !relative.startsWith('../')
}

/** A name beside a path for what is not complete yet. */
export function partPath(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '')
  const unique = crypto.randomUUID().slice(0, 13)
  return posix.join(posix.dirname(trimmed), `.${posix.basename(trimmed).slice(0, 100)}.${unique}.part`)
}

/** Where a copy lands: a target that ends with `/` is a folder for it. */
export function landingPath(target: string, sourceName: string): string {
  return target.endsWith('/') ? posix.join(target, sourceName) : target
}
