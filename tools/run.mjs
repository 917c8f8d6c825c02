// The one entry behind `npm run …`: sets up what is missing, then runs the command. Needs Node and npm, nothing else.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildPackages, installPackages } from './setup.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [command = 'help', ...rest] = process.argv.slice(2)

/** Runs a program of the repository in the foreground and ends with its exit code. */
function foreground(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  // A terminal sends Ctrl-C to the program as well, which may have to clean up; the others come to this process alone.
  process.on('SIGINT', () => {})
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

const commands = {
  setup: {
    does: 'install the packages from the lock file and build',
    run: () => buildPackages(),
  },
  demo: {
    does: 'the whole story in real processes; `-- --gateway URL` for the client alone',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['packages/examples/bin/demo.js', ...rest])
    },
  },
  test: {
    does: 'everything that must hold; `-- PATTERN` for some test files',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['tools/test.mjs', ...rest])
    },
  },
  check: {
    does: 'the quick loop: format, lint, types, unit tests',
    run: () => foreground(process.execPath, ['tools/test.mjs', '--quick', ...rest]),
  },
  conformance: {
    does: 'examine a driver: `-- SOCKET [--line 0.0|0.1] [--index FILE]`; `-- --help` for all options',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['packages/driver-kit/bin/openshell-driver.js', 'conformance', ...rest])
    },
  },
  fidelity: {
    does: 'recorded scenarios of the real gateway against dev-gateway; `-- DIR`; `-- --help` for all options',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['tools/fidelity.mjs', ...rest])
    },
  },
  peers: {
    does: 'the official Python clients against dev-gateway; `-- WORD…` for some scenarios',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['tools/peers.mjs', ...rest])
    },
  },
  build: { does: 'build all packages again', run: () => buildPackages({ always: true }) },
  bench: {
    does: 'benchmarks as ratios in one run; `-- NAME…`; `-- --help` for all options',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['tools/bench.mjs', ...rest])
    },
  },
  generate: {
    does: 'generate the wire messages from proto/',
    run: () => foreground(process.execPath, ['tools/generate.mjs', ...rest]),
  },
  docs: {
    does: 'write the generated pages of docs/; `-- --check` fails when they differ',
    run: async () => {
      await buildPackages()
      foreground(process.execPath, ['tools/docs.mjs', ...rest])
    },
  },
  format: {
    does: 'format and sort imports',
    run: () => foreground('node_modules/.bin/biome', ['check', '--write', '.']),
  },
}

const chosen = commands[command]
if (chosen) {
  await installPackages()
  await chosen.run()
} else {
  const lines = Object.entries(commands).map(([name, { does }]) => `  npm run ${name.padEnd(11)} ${does}`)
  console.log(`Commands:\n${lines.join('\n')}`)
  process.exitCode = command === 'help' ? 0 : 1
}
