import type { Stats } from 'node:fs'
import type { Attributes } from 'ssh2'

/** A file's attributes on the wire. */
export function toSftpAttributes(stats: Stats): Attributes {
  const { mode, uid, gid, size } = stats
  return { mode, uid, gid, size, atime: seconds(stats.atimeMs), mtime: seconds(stats.mtimeMs) }
}

/** The line that clients print for a file, in the form of `ls -l`. */
export function longName(name: string, stats: Stats): string {
  const { nlink, uid, gid, size, mtime } = stats
  const date = mtime.toISOString().slice(0, 16).replace('T', ' ')
  return `${permissions(stats)} ${pad(nlink, 4)} ${pad(uid, 8)} ${pad(gid, 8)} ${pad(size, 8)} ${date} ${name}`
}

function permissions(stats: Stats): string {
  const letters = 'rwxrwxrwx'
  const bits = [...letters].map((letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-'))
  return `${typeLetter(stats)}${bits.join('')}`
}

function typeLetter(stats: Stats): string {
  if (stats.isDirectory()) return 'd'
  if (stats.isSymbolicLink()) return 'l'
  if (stats.isFIFO()) return 'p'
  if (stats.isSocket()) return 's'
  if (stats.isCharacterDevice()) return 'c'
  return stats.isBlockDevice() ? 'b' : '-'
}

function pad(value: number, width: number): string {
  return String(value).padStart(width)
}

function seconds(milliseconds: number): number {
  return Math.min(Math.max(0, Math.floor(milliseconds / 1000)), 0xffff_ffff)
}
