import { posix } from 'node:path'
import { violation } from '../checks/check-text.js'
import { throwViolations } from '../checks/throw-violations.js'
import { fileError } from './file-error.js'
import { partName } from './part-name.js'

// What Linux takes. A sandbox that makes up folders without end is left at that.
const MAX_PATH_LENGTH = 4_096

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

/** Throws for a path in the sandbox that no system takes, before anything goes deeper. */
export function checkPathLength(path: string): void {
  if (path.length > MAX_PATH_LENGTH) throw fileError('ENAMETOOLONG', path.slice(0, 200), 'the path is too long')
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
  return posix.join(posix.dirname(trimmed), partName(posix.basename(trimmed)))
}

/** Where a copy lands: a target that ends with `/` is a folder for it. */
export function landingPath(target: string, sourceName: string): string {
  return target.endsWith('/') ? posix.join(target, sourceName) : target
}
