// Runs everything that must hold and ends with one plain line: `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const quick = process.argv.includes('--quick')
const patterns = process.argv.slice(2).filter((argument) => argument !== '--quick')
const binary = (name) => join(root, 'node_modules/.bin', name)
const total = { passed: 0, failed: 0, skipped: 0 }
const reports = mkdtempSync(join(tmpdir(), 'openshell-ts-test-'))

/** Runs one program whose exit code alone decides; it counts as one test. */
function checkStep(title, program, args) {
  console.log(`\n── ${title}`)
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) total.passed += 1
  else total.failed += 1
}

/** Runs vitest and adds its counts; a run that ends without a report counts as one failure. */
function vitestStep(title, args) {
  console.log(`\n── ${title}`)
  const report = join(reports, `${title.replaceAll(/\W+/g, '-')}.json`)
  const { status } = spawnSync(
    binary('vitest'),
    ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test' } },
  )
  const counts = readCounts(report)
  total.passed += counts.numPassedTests
  total.failed += counts.numFailedTests
  total.skipped += counts.numPendingTests + counts.numTodoTests
  if (status !== 0 && counts.numFailedTests === 0) total.failed += 1
}

function readCounts(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  }
}

if (patterns.length === 0) {
  checkStep('format and lint', binary('biome'), ['ci', '--error-on-warnings', '.'])
  vitestStep('types', ['--config', 'vitest.types.config.ts'])
}
vitestStep('tests', quick ? ['packages', '--exclude', 'packages/*/test/**', ...patterns] : patterns)

rmSync(reports, { recursive: true, force: true })
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
