import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PublishedFile } from '@openshell-ts/driver-config'
import { makeFolder } from '@openshell-ts/protocol/unix-sockets'
import writeFileAtomic from 'write-file-atomic'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'

/** What became of a file, or with `check` what is wrong with it. */
export type FileState = 'written' | 'unchanged' | 'missing' | 'different'

/** One file of the folder. */
export interface WrittenFile {
  readonly file: string
  readonly state: FileState
}

/**
 * Writes documents into a folder, which is created: each whole or not at all, and only where something changes. Other files stay,
 * since addresses that were given out once stay alive. With `check` nothing is written.
 *
 * @throws CouldNotCheckError that names the file which cannot be read or written.
 */
export async function writePublishedFiles(
  folder: string,
  files: readonly PublishedFile[],
  { check }: { readonly check: boolean },
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = []
  for (const { name, text } of files) {
    const path = join(folder, name)
    const before = await readText(path)
    if (before === text) written.push({ file: name, state: 'unchanged' })
    else if (check) written.push({ file: name, state: before === undefined ? 'missing' : 'different' })
    else {
      await writeText(path, text)
      written.push({ file: name, state: 'written' })
    }
  }
  return written
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new CouldNotCheckError(`${path} cannot be read (${codeOf(cause)}); name another folder.`, { cause })
  }
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path))
    await writeFileAtomic(path, text)
  } catch (cause) {
    const state = 'the file is as it was'
    throw new CouldNotCheckError(`${path} cannot be written (${codeOf(cause)}); ${state}. Name another folder.`, {
      cause,
    })
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
}
