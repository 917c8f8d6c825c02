import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from './source-files.js'

const committed = join(repositoryRoot, 'packages/protocol/src/gen')

function check(...options: string[]): { code: number | null; errors: string } {
  const arguments_ = [join(repositoryRoot, 'tools/generate.mjs'), '--check', ...options]
  const { status, stderr } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' })
  return { code: status, errors: stderr }
}

test('generating again gives the committed bytes', () => {
  expect(check()).toEqual({ code: 0, errors: '' })
}, 300_000)

test('a changed, a missing and a foreign file are named', () => {
  const copy = mkdtempSync(join(tmpdir(), 'generated-'))
  try {
    cpSync(committed, copy, { recursive: true })
    writeFileSync(join(copy, 'rpc/google/rpc/error_details_pb.js'), '// edited\n')
    rmSync(join(copy, 'rpc/google/rpc/status_pb.js'))
    writeFileSync(join(copy, 'rpc/foreign.js'), '')
    const { code, errors } = check('--only', 'rpc', '--out', copy)
    expect(code).toBe(1)
    expect(errors).toContain(
      'from proto/: rpc/foreign.js, rpc/google/rpc/error_details_pb.js, rpc/google/rpc/status_pb.js.',
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}, 300_000)
