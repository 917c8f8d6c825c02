import { posix } from 'node:path'

/** Folders inside a sandbox that belong to its supervisor. No user's mount may touch them. */
export const reservedPaths: readonly string[] = Object.freeze([
  '/opt/openshell',
  '/etc/openshell',
  '/etc/openshell-tls',
  '/run/openshell',
  '/run/openshell-sidecar',
  '/run/netns',
  '/var/run/netns',
])

/**
 * The reserved folder that a mount at this path would touch, or `undefined` when it touches none.
 *
 * A mount touches a folder when it lies in it and also when it lies above it, because it would hide it then. Paths are
 * compared by whole segments after `.`, `..` and extra slashes are resolved; a relative path is taken from `/`.
 *
 * @param workspaceRoot The folder in which the sandbox works, such as `/sandbox`: a mount may lie in it, but not on it or
 * above it. Not looked at when absent.
 */
export function findReservedPath(path: string, workspaceRoot?: string): string | undefined {
  const mount = segments(path)
  const reserved = reservedPaths.find((root) => startsWith(mount, segments(root)) || startsWith(segments(root), mount))
  if (reserved !== undefined || workspaceRoot === undefined) return reserved
  return startsWith(segments(workspaceRoot), mount) ? workspaceRoot : undefined
}

function segments(path: string): readonly string[] {
  return posix
    .resolve('/', path)
    .split('/')
    .filter((segment) => segment !== '')
}

function startsWith(long: readonly string[], short: readonly string[]): boolean {
  return short.every((segment, index) => long[index] === segment)
}
