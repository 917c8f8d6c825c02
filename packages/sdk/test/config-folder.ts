import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Folders as the command line tool keeps them, and the environment that leads to them. */
export interface ConfigFolder extends AsyncDisposable {
  /** The user's root. */
  readonly user: string
  readonly system: string
  readonly environment: Readonly<Record<string, string>>
  /** Writes a file below the user's root, for its owner only, and gives its path. */
  write(path: string, content: string | object, mode?: number): Promise<string>
  /** Writes a file below the system's root. */
  writeSystem(path: string, content: string | object): Promise<string>
}

export async function createConfigFolder(): Promise<ConfigFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-config-'))
  const [home, system] = [join(folder, 'home'), join(folder, 'system')]
  const user = join(home, 'openshell')
  return {
    user,
    system,
    environment: { XDG_CONFIG_HOME: home, OPENSHELL_SYSTEM_GATEWAY_DIR: system },
    write: (path, content, mode = 0o600) => put(join(user, path), content, mode),
    writeSystem: (path, content) => put(join(system, path), content, 0o644),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function put(path: string, content: string | object, mode: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  await chmod(path, mode)
  return path
}
