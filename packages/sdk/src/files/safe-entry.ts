import { posix } from 'node:path'

/** Stands in a name for bytes that are no UTF-8: what has such a name cannot be asked for. */
export const NOT_UTF8 = '\ufffd'

/**
 * Why a name from the other side must not be written below a folder of this machine; undefined when it may. Names of this kind do
 * not come from a well-behaved sandbox.
 */
export function findUnsafeName(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (path === '' || path.includes('\0')) return 'its name is empty or holds a null byte'
  if (path.startsWith('/')) return 'its name is absolute'
  if (path.includes(NOT_UTF8)) return 'its name is no UTF-8 text'
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'its name leads out of the folder'
  if (platform === 'win32' && parts.some((part) => /[\\:]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part))) {
    return 'its name means something else on Windows'
  }
  return undefined
}

/** Why a link must not be made; undefined when it may. It may point to what lies in the same tree. */
export function findUnsafeLink(path: string, target: string): string | undefined {
  if (target === '' || target.includes('\0')) return 'the link leads nowhere'
  if (target.startsWith('/')) return 'the link is absolute'
  const end = posix.normalize(posix.join(posix.dirname(path), target))
  return end === '..' || end.startsWith('../') ? 'the link leads out of the folder' : undefined
}
