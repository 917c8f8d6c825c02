import { createRequire } from 'node:module'

/**
 * Loads ssh2; undefined where it is not installed, as in a program that was bundled into one folder.
 *
 * It is required out of the sight of bundlers: they cannot carry the native parts that it takes when they are there.
 */
export function loadSsh2(): typeof import('ssh2') | undefined {
  try {
    return createRequire(import.meta.url)('ssh2')
  } catch {
    return undefined
  }
}
