import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../usage-error.js'
import { parseStoryOptions, STORY_HELP } from './story-options.js'

const gateway = ['--gateway', 'http://127.0.0.1:1']

test('only the gateway must be named', () => {
  const options = parseStoryOptions(gateway)
  expect(options).toMatchObject({ gateway: 'http://127.0.0.1:1', json: false })
  expect(basename(options?.template ?? '')).toBe('portable.yaml')
  expect(options?.wireLine).toBeUndefined()
})

test('takes every option', () => {
  const argv = ['--wire-line', '0.0', '--template', 'a.yaml', '--active-driver', 'docker', '--workspace', 'w', '--json']
  expect(parseStoryOptions([...gateway, ...argv])).toEqual({
    gateway: 'http://127.0.0.1:1',
    wireLine: '0.0',
    template: 'a.yaml',
    activeDriver: 'docker',
    workspace: 'w',
    json: true,
  })
})

test.each([
  [[], '--gateway is missing'],
  [['--gateway'], "'--gateway <value>' argument missing"],
  [[...gateway, '--tempalte', 'x'], "Unknown option '--tempalte'"],
  [[...gateway, 'word'], "Unexpected argument 'word'"],
  [[...gateway, '--wire-line', '9'], '--wire-line must be 0.0 or 0.1'],
])('refuses %j', (argv, message) => {
  expect(() => parseStoryOptions(argv)).toThrow(UsageError)
  expect(() => parseStoryOptions(argv)).toThrow(message)
})

test('help names every option', () => {
  expect(parseStoryOptions(['--help'])).toBeUndefined()
  for (const name of ['gateway', 'template', 'active-driver', 'workspace', 'wire-line', 'json', 'help']) {
    expect(STORY_HELP).toContain(`--${name}`)
  }
})
