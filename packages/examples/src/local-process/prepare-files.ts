import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LocalProcessConfig } from './local-process-config.js'
import type { SandboxLayout } from './sandbox-layout.js'

/**
 * Makes the home of a sandbox, with the files of its block. A home that exists is left as it is: the sandbox has worked in
 * it, so what lies there belongs to the user, and a link in it could lead anywhere.
 */
export async function prepareFiles(layout: SandboxLayout, config: LocalProcessConfig): Promise<void> {
  if (existsSync(layout.home)) return
  const workingDirectory = join(layout.home, config.working_directory)
  await mkdir(workingDirectory, { recursive: true })
  await mkdir(layout.temporary, { recursive: true })
  for (const { path, content, executable } of config.files) {
    const file = join(workingDirectory, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { mode: executable ? 0o777 : 0o666 })
  }
}
