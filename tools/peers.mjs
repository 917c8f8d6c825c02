// Compiles the runner of the official clients and runs it in this process, with the arguments that it was given.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync(`${root}node_modules/.bin/tsup`, ['--silent'], {
  cwd: `${root}tests/peers`,
  stdio: 'inherit',
})
if (status === 0) await import('../tests/dist/main.mjs')
else process.exitCode = status ?? 1
