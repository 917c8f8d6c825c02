import { describe, expect, test } from 'vitest'
import { parseSandboxTemplate, TemplateFileError } from '../template-file.js'

function problemsOf(text: string, fileName = 'template.yaml'): string[] {
  try {
    parseSandboxTemplate(text, { fileName })
  } catch (error) {
    if (!(error instanceof TemplateFileError)) throw error
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
  }
  return []
}

const COMPLETE = {
  image: 'acme/base:1',
  command: ['sleep', '1'],
  tty: true,
  environment: { GREETING: 'hello' },
  labels: { team: 'a' },
  annotations: { note: 'free text' },
  resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '500m' } },
  gpu: { count: 2 },
  driver_config: { acme: { schema_version: 1, mounts: [{ read_only: null }] }, docker: {} },
}

describe('parseSandboxTemplate', () => {
  test('reads every key of a JSON file', () => {
    const { driver_config: driverConfig, ...rest } = COMPLETE
    expect(parseSandboxTemplate(JSON.stringify(COMPLETE, null, '\t'), { fileName: 'a.json' })).toEqual({
      ...rest,
      driverConfig,
    })
  })

  test('reads the same from YAML, with comments, anchors and JSON inside', () => {
    const text = `# comment
image: acme/base:1
environment: &shared { A: "1" }
labels: *shared
gpu: true
driver_config: {"acme": {"size": 5}}
`
    expect(parseSandboxTemplate(text, { fileName: 'a.yaml' })).toEqual({
      image: 'acme/base:1',
      environment: { A: '1' },
      labels: { A: '1' },
      gpu: true,
      driverConfig: { acme: { size: 5 } },
    })
  })

  test('gives an environment and an envelope also when the file has none', () => {
    expect(parseSandboxTemplate('tty: false', { fileName: 'a.yml' })).toEqual({
      tty: false,
      environment: {},
      driverConfig: {},
    })
  })

  test('reports all problems at once with line and column, and no values', () => {
    const text = `image: 5
comand: [a]
environment:
  SECRET: 12345
  PATH:
gpu: { count: 0 }
driver_config: [acme]
resources: { limits: { cpus: "1" } }
`
    expect(problemsOf(text)).toEqual([
      '1:8 image: must be a text, got a number; put it in quotes',
      '2:1 comand: unknown key; did you mean "command"?',
      '4:11 environment.SECRET: must be a text, got a number; put it in quotes',
      '5:8 environment.PATH: must be a text, got nothing',
      '6:15 gpu.count: must be a whole number from 1; write gpu: true for the driver to choose',
      '7:16 driver_config: must be a map, got a list',
      '8:24 resources.limits.cpus: unknown key; did you mean "cpu"?',
    ])
  })

  test('suggests the snake_case key for the camelCase one', () => {
    expect(problemsOf('driverConfig: {}')).toEqual(['1:1 driverConfig: unknown key; did you mean "driver_config"?'])
  })

  test.each(['a.json', 'a.yaml'])('refuses a key that is given twice at any depth of %s', (fileName) => {
    const text = '{"driver_config": {"acme": {"size": 1,\n "size": 2}}}'
    expect(problemsOf(text, fileName)).toEqual([
      '2:2 driver_config.acme.size: this key is given twice; the first time on line 1',
    ])
  })

  test('speaks of JSON for a .json file, and refuses what only YAML allows', () => {
    expect(problemsOf('image: acme', 'a.json')).toEqual(['1:1 : this is not JSON: a text needs double quotes'])
    expect(problemsOf('{"image": "a", // why\n "tty": true,}', 'a.json')).toEqual([
      '1:16 : JSON has no comments',
      '2:14 : JSON expects a key in double quotes here',
    ])
  })

  test('places YAML errors and does not repeat the text of the file', () => {
    expect(problemsOf('environment:\n\tSECRET: a')).toEqual(['2:1 : YAML is indented with spaces, not with tabs'])
    expect(problemsOf('image: "unclosed-secret').join()).not.toContain('secret')
  })

  test.each([
    ['image: !custom a', '1:8 : tags are not supported; remove the "!" word, or put the text in quotes'],
    ['---\nimage: a\n---\nimage: b\n', '3:1 : a template file holds one document'],
    ['1: a', '1:1 : a key must be a text; put it in quotes'],
    ['driver_config: { a: { b: .inf } }', '1:26 : only texts, finite numbers, true, false and null can be sent'],
    ['image: *missing', '1:8 : this alias stands for nothing'],
    ['', '1:1 : the file is empty; a template is a map with keys such as image and driver_config'],
    ['- image', '1:1 : a template must be a map, got a list'],
  ])('refuses %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })

  test('takes an alias for the last anchor before it', () => {
    const text = 'environment: { A: &x "1", B: *x, C: &x "2", D: *x }'
    expect(parseSandboxTemplate(text, { fileName: 'a.yaml' }).environment).toEqual({ A: '1', B: '1', C: '2', D: '2' })
  })

  test('stops at aliases that stand for too much', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items =
        level === 0
          ? 'x'
          : Array(10)
              .fill(`*a${level - 1}`)
              .join(', ')
      return `  k${level}: &a${level} [${items}]`
    })
    expect(problemsOf(`driver_config:\n${levels.join('\n')}`)).toEqual([
      expect.stringContaining('more than 50000 values, with every alias counted'),
    ])
  })

  test.each([
    ['a.json', '['.repeat(100_000)],
    ['a.yaml', '['.repeat(100_000)],
    ['a.yaml', '- '.repeat(100_000)],
    ['a.yaml', `driver_config: &a { a: *a }`],
  ])('stops at a text of %s that is nested without end', (fileName, text) => {
    expect(problemsOf(text, fileName).join()).toMatch(/levels in one another|stands for nothing/)
  })

  test('refuses a text that is too long before it is parsed', () => {
    expect(problemsOf(' '.repeat(1_048_577))).toEqual(['1:1 : the file is longer than 1048576 characters'])
  })
})
