import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** What became of the files that providers bring. */
export interface InstalledFiles {
  /** Where each file is, by the path that its provider gave it; those that could not be written are missing. */
  readonly places: ReadonlyMap<string, string>
  /** The paths of those that could not be written. */
  readonly refused: readonly string[]
}

// The workspace of a real sandbox, and the home of its user there.
const WORKSPACE_PATHS = ['/sandbox/', '~/']

/**
 * The files that attached providers bring, in the sandbox's folder: readable by its owner only, and gone with what brought them.
 *
 * A path below `/sandbox`, the workspace of real sandboxes, or below `~` means the folder; one that leads outside, by its text or by
 * a link, is refused, and so is the place of a file that somebody else wrote.
 */
export class ProviderFiles {
  readonly #folder: string
  /** What stands there, by place. */
  readonly #written = new Map<string, string>()
  /** Folders that were made for files, outer ones first. */
  readonly #made = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Writes these files, and removes those of before that are not among them. */
  async install(files: ReadonlyMap<string, string>): Promise<InstalledFiles> {
    const wanted = [...files].map(([path, content]) => ({ path, content, place: this.#placeOf(path) }))
    const kept = new Set(wanted.map(({ place }) => place))
    for (const place of [...this.#written.keys()]) if (!kept.has(place)) await this.#remove(place)
    const places = new Map<string, string>()
    const refused: string[] = []
    for (const { path, content, place } of wanted) {
      if (place !== undefined && (await this.#write(place, content))) places.set(path, place)
      else refused.push(path)
    }
    return { places, refused }
  }

  /** Removes them all. */
  async removeAll(): Promise<void> {
    for (const place of [...this.#written.keys()]) await this.#remove(place)
    for (const folder of [...this.#made].reverse()) {
      // One that somebody else uses by now stays.
      await rmdir(folder).catch(() => {})
      this.#made.delete(folder)
    }
  }

  #placeOf(path: string): string | undefined {
    const prefix = WORKSPACE_PATHS.find((start) => path.startsWith(start))
    const place = prefix === undefined ? resolve(this.#folder, path) : join(this.#folder, path.slice(prefix.length))
    const inside = place.startsWith(this.#folder + sep) && !path.includes('\0') && !path.endsWith('/')
    return inside ? place : undefined
  }

  async #write(place: string, content: string): Promise<boolean> {
    try {
      await this.#makeFolders(dirname(place))
      if (!(await this.#isOurs(place, content))) return false
      const draft = `${place}.${randomUUID()}`
      const file = await open(draft, 'wx', 0o600)
      try {
        await file.writeFile(content)
      } finally {
        await file.close()
      }
      await rename(draft, place)
      this.#written.set(place, content)
      return true
    } catch {
      // Why, is the business of the folder's owner: no path of ours is in the way of a sandbox's own files.
      return false
    }
  }

  // Step by step, because a link on the way may lead anywhere.
  async #makeFolders(folder: string): Promise<void> {
    let reached = this.#folder
    for (const name of relative(this.#folder, folder).split(sep).filter(Boolean)) {
      reached = join(reached, name)
      const found = await lstat(reached).catch(() => undefined)
      if (found?.isDirectory()) continue
      if (found) throw new Error(`${reached} is no folder.`)
      await mkdir(reached, { mode: 0o700 })
      this.#made.add(reached)
    }
  }

  // What is there already, with just this in it, was left by an earlier supervisor.
  async #isOurs(place: string, content: string): Promise<boolean> {
    const found = await lstat(place).catch(() => undefined)
    if (!found || this.#written.has(place)) return true
    return found.isFile() && (await readFile(place, 'utf8')) === content
  }

  async #remove(place: string): Promise<void> {
    await rm(place, { force: true }).catch(() => {})
    this.#written.delete(place)
  }
}
