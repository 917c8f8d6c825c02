// Compiles the benchmarks and runs them in this process, with the arguments that it was given.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync(`${root}node_modules/.bin/tsup`, ['--silent'], { cwd: `${root}bench`, stdio: 'inherit' })
if (status === 0) await import('../bench/dist/main.mjs')
else process.exitCode = status ?? 1
