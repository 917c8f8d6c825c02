import { type JsonObject, type JsonValue, suggestNames } from '@openshell-ts/driver-config/envelope'
import type { GpuRequest, ResourceAmounts, SandboxResources, SandboxTemplate } from '../model/template.js'
import type { SourceEntry, SourceNode } from './source-node.js'
import type { TemplateProblem } from './template-problem.js'

const TEMPLATE_KEYS = [
  'image',
  'command',
  'tty',
  'environment',
  'labels',
  'annotations',
  'resources',
  'gpu',
  'driver_config',
]

/** Reads a document as a template, and keeps every problem. */
export class TemplateReader {
  readonly #problems: TemplateProblem[] = []

  /** Every problem, in the order of the document. */
  get problems(): TemplateProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }

  /** What could be read; of use only when there are no problems. */
  readTemplate(root: SourceNode): SandboxTemplate {
    const template: { -readonly [Key in keyof SandboxTemplate]: SandboxTemplate[Key] } = {
      environment: {},
      driverConfig: {},
    }
    for (const { key, value } of this.#entries(root, '', TEMPLATE_KEYS)) {
      if (key === 'image') template.image = this.#text(value, key)
      if (key === 'command')
        template.command = this.#items(value, key).map((item, at) => this.#text(item, `${key}[${at}]`))
      if (key === 'tty') template.tty = this.#flag(value, key)
      if (key === 'environment') template.environment = this.#texts(value, key)
      if (key === 'labels') template.labels = this.#texts(value, key)
      if (key === 'annotations') template.annotations = this.#texts(value, key)
      if (key === 'resources') template.resources = this.#resources(value)
      if (key === 'gpu') template.gpu = this.#gpu(value)
      if (key === 'driver_config') template.driverConfig = this.#object(value, key)
    }
    return template
  }

  #resources(node: SourceNode): SandboxResources {
    const amounts = this.#entries(node, 'resources', ['limits', 'requests']).map(({ key, value }) => {
      const path = `resources.${key}`
      const texts = this.#entries(value, path, ['cpu', 'memory']).map((entry): [string, string] => {
        return [entry.key, this.#text(entry.value, `${path}.${entry.key}`)]
      })
      return [key, Object.fromEntries(texts) as ResourceAmounts]
    })
    return Object.fromEntries(amounts)
  }

  #gpu(node: SourceNode): GpuRequest {
    if (node.type === 'scalar' && node.value === true) return true
    if (node.type !== 'map') {
      this.#report(node, 'gpu', `must be true or a map with the key count, got ${kindOf(node)}; leave gpu out for none`)
      return true
    }
    const [count] = this.#entries(node, 'gpu', ['count'])
    const number = count?.value.type === 'scalar' ? count.value.value : undefined
    if (typeof number === 'number' && Number.isInteger(number) && number > 0) return { count: number }
    this.#report(
      count?.value ?? node,
      'gpu.count',
      'must be a whole number from 1; write gpu: true for the driver to choose',
    )
    return true
  }

  #texts(node: SourceNode, path: string): Record<string, string> {
    return Object.fromEntries(
      this.#entries(node, path).map(({ key, value }) => [key, this.#text(value, join(path, key))]),
    )
  }

  #text(node: SourceNode, path: string): string {
    if (node.type === 'scalar' && typeof node.value === 'string') return node.value
    const quotes = node.type === 'scalar' && node.value !== null ? '; put it in quotes' : ''
    this.#report(node, path, `must be a text, got ${kindOf(node)}${quotes}`)
    return ''
  }

  #flag(node: SourceNode, path: string): boolean {
    if (node.type === 'scalar' && typeof node.value === 'boolean') return node.value
    this.#report(node, path, `must be true or false, got ${kindOf(node)}`)
    return false
  }

  #items(node: SourceNode, path: string): readonly SourceNode[] {
    if (node.type === 'list') return node.items
    this.#report(node, path, `must be a list, got ${kindOf(node)}`)
    return []
  }

  #object(node: SourceNode, path: string): JsonObject {
    return Object.fromEntries(
      this.#entries(node, path).map(({ key, value }) => [key, this.#json(value, join(path, key))]),
    )
  }

  #json(node: SourceNode, path: string): JsonValue {
    if (node.type === 'scalar') return node.value
    if (node.type === 'map') return this.#object(node, path)
    return node.items.map((item, index) => this.#json(item, `${path}[${index}]`))
  }

  /** The entries of a map; reports other kinds, keys given twice and, when the keys are known, unknown ones. */
  #entries(node: SourceNode, path: string, known?: readonly string[]): readonly SourceEntry[] {
    if (node.type !== 'map') {
      const what = path === '' ? 'a template must be a map' : 'must be a map'
      this.#report(node, path, `${what}, got ${kindOf(node)}`)
      return []
    }
    const firstLines = new Map<string, number>()
    return node.entries.filter(({ key, keyAt }) => {
      const firstLine = firstLines.get(key)
      const unknown = known !== undefined && !known.includes(key)
      const { line, column } = keyAt
      if (firstLine !== undefined) {
        const message = `this key is given twice; the first time on line ${firstLine}`
        this.#problems.push({ line, column, path: join(path, key), message })
      } else if (unknown) {
        this.#problems.push({ line, column, path: join(path, key), message: adviseUnknown(key, known) })
      }
      firstLines.set(key, firstLine ?? line)
      return firstLine === undefined && !unknown
    })
  }

  #report({ at }: SourceNode, path: string, message: string): void {
    this.#problems.push({ ...at, path, message })
  }
}

function adviseUnknown(key: string, known: readonly string[]): string {
  const [nearest] = suggestNames(key, known)
  return `unknown key; ${nearest === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${nearest}"?`}`
}

function kindOf(node: SourceNode): string {
  if (node.type !== 'scalar') return node.type === 'list' ? 'a list' : 'a map'
  if (node.value === null) return 'nothing'
  return typeof node.value === 'string' ? 'a text' : `a ${typeof node.value}`
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, 100))}]`
  return path === '' ? key : `${path}.${key}`
}
