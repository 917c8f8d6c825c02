import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Parser,
  type YAMLError,
} from 'yaml'
import { LineIndex } from './line-index.js'
import { MAX_DEPTH, MAX_VALUES, type SourceDocument, type SourceEntry, type SourceNode } from './source-node.js'
import type { TemplateProblem } from './template-problem.js'
import { describeYamlError } from './yaml-messages.js'

/** Reads YAML 1.2, of which JSON is a part. Aliases are followed within bounds; tags are refused. */
export function readYaml(text: string): SourceDocument {
  const lines = new LineIndex(text)
  const tokens = [...new Parser().parse(text)]
  const tooDeepAt = findTooDeep(tokens)
  if (tooDeepAt !== undefined) return { problems: [tooDeep(lines, tooDeepAt)] }
  const options = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false } as const
  const [document, ...others] = [...new Composer(options).compose(tokens, true, text.length)]
  if (!document) return { problems: [] }
  const errors = [...document.errors, ...document.warnings].map((error) => toProblem(error, lines))
  for (const { range } of others) errors.push(problem(lines, range[0], 'a template file holds one document'))
  if (errors.length > 0 || !document.contents) return { problems: errors }
  return new Converter(lines).convert(document.contents)
}

// Composing descends as deep as the text goes, so that the depth is measured before, without recursion.
function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next
    // Flow and block nesting both count two levels: the collection and its item.
    if (depth > MAX_DEPTH) return 'offset' in token ? token.offset : 0
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 })
  }
  return undefined
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : []
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child !== undefined && child !== null))
}

/** Converts nodes, with every alias as what it stands for. */
class Converter {
  readonly #lines: LineIndex
  readonly #problems: TemplateProblem[] = []
  readonly #anchors = new Map<string, Node>()
  #openAliases = 0
  #values = 0

  constructor(lines: LineIndex) {
    this.#lines = lines
  }

  convert(contents: Node): SourceDocument {
    const root = this.#convertNode(contents, 0)
    return this.#problems.length > 0 ? { problems: this.#problems } : { root, problems: [] }
  }

  #convertNode(node: Node | null, depth: number): SourceNode {
    const at = this.#lines.positionOf(node?.range?.[0] ?? 0)
    const empty: SourceNode = { type: 'scalar', at, value: null }
    this.#values += 1
    if (!node || this.#isOverBounds(node, depth)) return empty
    // An alias stands for the last anchor before it; what is read again through an alias does not count as later.
    if ('anchor' in node && node.anchor && this.#openAliases === 0) this.#anchors.set(node.anchor, node)
    if (isAlias(node)) return this.#convertAlias(node, depth) ?? empty
    if (isSeq<Node>(node))
      return { type: 'list', at, items: node.items.map((item) => this.#convertNode(item, depth + 1)) }
    if (isMap<Node, Node | null>(node)) return { type: 'map', at, entries: this.#convertEntries(node, depth) }
    return isScalar(node) ? { type: 'scalar', at, value: this.#convertScalar(node) } : empty
  }

  #convertAlias(alias: Alias, depth: number): SourceNode | undefined {
    const target = this.#anchors.get(alias.source)
    if (!target) {
      this.#report(alias, 'this alias stands for nothing')
      return undefined
    }
    this.#openAliases += 1
    const value = this.#convertNode(target, depth + 1)
    this.#openAliases -= 1
    return value
  }

  #convertEntries(
    node: { readonly items: readonly { key: Node; value: Node | null }[] },
    depth: number,
  ): SourceEntry[] {
    return node.items.flatMap(({ key, value }) => {
      if (!isScalar(key) || typeof key.value !== 'string') {
        this.#report(key, 'a key must be a text; put it in quotes')
        return []
      }
      const keyAt = this.#lines.positionOf(key.range?.[0] ?? 0)
      return [{ key: key.value, keyAt, value: this.#convertNode(value, depth + 1) }]
    })
  }

  #convertScalar(node: Node & { readonly value?: unknown }): string | number | boolean | null {
    const { value } = node
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.#report(node, 'only texts, finite numbers, true, false and null can be sent')
    return null
  }

  // Aliases can make a small text stand for a document without end; the first excess ends the work.
  #isOverBounds(node: Node, depth: number): boolean {
    const excess = depth > MAX_DEPTH ? `more than ${MAX_DEPTH} levels in one another` : `more than ${MAX_VALUES} values`
    if (depth <= MAX_DEPTH && this.#values <= MAX_VALUES) return false
    if (this.#problems.length === 0) this.#report(node, `${excess}, with every alias counted as what it stands for`)
    return true
  }

  #report(node: Node, message: string): void {
    this.#problems.push(problem(this.#lines, node.range?.[0] ?? 0, message))
  }
}

function toProblem({ code, pos }: YAMLError, lines: LineIndex): TemplateProblem {
  return problem(lines, pos[0], describeYamlError(code))
}

function tooDeep(lines: LineIndex, offset: number): TemplateProblem {
  return problem(lines, offset, `more than ${MAX_DEPTH} levels in one another`)
}

function problem(lines: LineIndex, offset: number, message: string): TemplateProblem {
  return { ...lines.positionOf(offset), path: '', message }
}
