import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const tools = fileURLToPath(new URL('../../tools/', import.meta.url))

test.each(['docs', 'generate'])(
  'npm run %s has help with examples, and refuses what it does not know in one line',
  (name) => {
    const run = (flag: string) => spawnSync(process.execPath, [`${tools}${name}.mjs`, flag], { encoding: 'utf8' })
    const help = { status: 0, stderr: '', stdout: expect.stringContaining(`Examples\n  npm run ${name}\n`) }
    expect(run('--help')).toMatchObject(help)
    expect(run('--no')).toMatchObject({ status: 2, stderr: "Unknown option '--no'. See --help.\n", stdout: '' })
  },
)
