import { readFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { makeFolder } from '@openshell-ts/protocol/unix-sockets'
import writeFileAtomic from 'write-file-atomic'

/** A file that a supervisor reads. */
export interface SupervisorFile {
  /** Absolute path as the supervisor sees it. */
  readonly path: string
  /** Permission bits. `0o600` for everything that is secret. */
  readonly mode: number
  /** What it holds. Bytes, so that a log shows no more of a secret than its size. */
  readonly contents: Uint8Array
}

/** Options of `writeSupervisorFiles`. */
export interface WriteSupervisorFilesOptions {
  /** Absolute path of the folder that stands for `/`: a folder that is mounted, or an image's file system. */
  readonly root: string
}

/**
 * Writes the files of a launch below a folder, each at once and with its mode; folders on the way get mode 0700. Resolves with
 * their paths there, in the same order. Files that exist are replaced.
 *
 * @throws TypeError for a path that leads out of the folder.
 */
export async function writeSupervisorFiles(
  files: readonly SupervisorFile[],
  { root }: WriteSupervisorFilesOptions,
): Promise<readonly string[]> {
  const base = resolve(root)
  const places = files.map(({ path }) => {
    const place = resolve(base, `.${path.startsWith('/') ? '' : '/'}${path}`)
    if (base === '/' || place.startsWith(`${base}${sep}`)) return place
    throw new TypeError(`The file ${path} of a supervisor would lie outside of ${base}; use a path without "..".`)
  })
  for (const [index, { mode, contents }] of files.entries()) {
    const place = places[index] ?? base
    await makeFolder(dirname(place), { mode: 0o700 })
    await writeFileAtomic(place, Buffer.from(contents), { mode })
  }
  return places
}

/** The file with a sandbox's token; none when the sandbox has no token. */
export async function tokenFile(hostPath: string | undefined, path: string): Promise<readonly SupervisorFile[]> {
  return hostPath === undefined ? [] : [{ path, mode: 0o600, contents: await readFile(hostPath) }]
}

/** The file with launch material of line 0.1, byte by byte; none when the gateway sends none. */
export function launchMaterialFile(material: Uint8Array | undefined, path: string): readonly SupervisorFile[] {
  return material === undefined ? [] : [{ path, mode: 0o600, contents: material }]
}
