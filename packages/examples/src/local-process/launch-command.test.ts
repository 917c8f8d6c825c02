import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { launchCommand } from './launch-command.js'

/** Runs a shell script within limits and returns what it prints. */
function runWithin(limits: Parameters<typeof launchCommand>[1], script: string): string {
  const [program, ...parameters] = launchCommand(['/bin/sh', '-c', script], limits)
  return spawnSync(program, parameters, { encoding: 'utf8' }).stdout.trim()
}

const none = { priority: 0, umask: '022' }

test('sets the limit of open files', () => {
  expect(runWithin({ ...none, openFiles: 99 }, 'ulimit -n')).toBe('99')
})

test('sets the limit of a file in blocks of 512 bytes', () => {
  expect(runWithin({ ...none, fileSizeBytes: 1_048_576 }, 'ulimit -f')).toBe('2048')
})

test('leaves limits alone that are not given', () => {
  const own = spawnSync('/bin/sh', ['-c', 'ulimit -n; ulimit -f'], { encoding: 'utf8' }).stdout.trim()
  expect(runWithin(none, 'ulimit -n; ulimit -f')).toBe(own)
})

test('sets the umask', () => {
  expect(runWithin({ ...none, umask: '077' }, 'umask')).toMatch(/077$/)
})

test('adds to the niceness', () => {
  const own = Number(runWithin(none, 'nice'))
  expect(Number(runWithin({ ...none, priority: 3 }, 'nice'))).toBe(Math.min(own + 3, 19))
})

test('passes arguments on without reading them', () => {
  const [program, ...parameters] = launchCommand(['/bin/echo', '$HOME', '; exit 1', "'"], none)
  expect(spawnSync(program, parameters, { encoding: 'utf8' }).stdout).toBe("$HOME ; exit 1 '\n")
})

test('gives its pid to the command', () => {
  const [program, ...parameters] = launchCommand(['/bin/sh', '-c', 'echo $$'], none)
  const { pid, stdout } = spawnSync(program, parameters, { encoding: 'utf8' })
  expect(Number(stdout)).toBe(pid)
})
