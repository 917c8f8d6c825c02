// Compiles the player of recorded scenarios and runs it in this process, with the arguments that it was given.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}packages/dev-gateway/test/`
const { status } = spawnSync(`${root}node_modules/.bin/tsup`, ['--silent'], {
  cwd: `${folder}fidelity`,
  stdio: 'inherit',
})
if (status === 0) await import(`${folder}dist/main.mjs`)
else process.exitCode = status ?? 1
