import type { PathToken } from './path.js'

const tokenPattern = /\.?([A-Za-z_$][A-Za-z0-9_$-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y

/**
 * The steps of a path such as `mounts[0].labels["a.b/c"]`, without the root.
 *
 * @throws TypeError for a text that is not a path.
 */
export function parsePath(path: string): PathToken[] {
  const tokens: PathToken[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < path.length) {
    const match = tokenPattern.exec(path)
    if (match === null) throw new TypeError('this is not a path; write names with dots and indexes in brackets')
    const [, name, index, quoted] = match
    if (index !== undefined) tokens.push(Number(index))
    else tokens.push(name ?? (JSON.parse(`"${quoted ?? ''}"`) as string))
  }
  return tokens
}
