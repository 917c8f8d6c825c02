import {
  applyEdits,
  createScanner,
  type FormattingOptions,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { LineCounter } from 'yaml'
import { type ConfigFile, depthLimit, type FileEdit, type FilePosition, UnreadableTextError } from './config-file.js'

/**
 * Reads JSON; comments and trailing commas are allowed.
 *
 * @throws UnreadableTextError for anything else, for a key that is written twice, and for too many levels.
 */
export function readJsonText(text: string): ConfigFile {
  const positionOf = positionsIn(text)
  refuseDepth(text, positionOf)
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first !== undefined || tree === undefined) {
    const reason = first === undefined ? 'it is empty' : wordsOf(printParseErrorCode(first.error))
    throw new UnreadableTextError(`is not JSON: ${reason}`, positionOf(first?.offset ?? 0))
  }
  return {
    value: toValue(tree, positionOf),
    locate: (steps) => positionOf(offsetOf(tree, steps)),
    edit: (edits) => edits.reduce(editText, text),
  }
}

type PositionOf = (offset: number) => FilePosition

function positionsIn(text: string): PositionOf {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  return (offset) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
}

// The parser descends as deep as the text goes; the scanner does not.
function refuseDepth(text: string, positionOf: PositionOf): void {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let kind = scanner.scan(); scanner.getPosition() < text.length || kind !== endOfFile; kind = scanner.scan()) {
    if (kind === endOfFile) return
    const opening = text[scanner.getTokenOffset()]
    if (opening === '{' || opening === '[') depth += 1
    if (opening === '}' || opening === ']') depth -= 1
    if (depth > depthLimit) {
      throw new UnreadableTextError(`has more than ${depthLimit} levels`, positionOf(scanner.getTokenOffset()))
    }
  }
}

/** What the scanner calls the end; its names are erased by the compiler. */
const endOfFile = 17

function wordsOf(code: string): string {
  return code.replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}

function toValue(node: Node, positionOf: PositionOf): unknown {
  const { children = [] } = node
  if (node.type === 'array') return children.map((child) => toValue(child, positionOf))
  if (node.type !== 'object') return node.value
  const entries = new Map<string, unknown>()
  for (const { offset, children: [key, value] = [] } of children) {
    if (key === undefined || value === undefined) continue
    if (entries.has(key.value)) throw new UnreadableTextError('has a key that is written twice', positionOf(offset))
    entries.set(key.value, toValue(value, positionOf))
  }
  return Object.fromEntries(entries)
}

function offsetOf(root: Node, steps: readonly string[]): number {
  let place = root
  for (const step of steps) {
    const member = memberOf(place.type === 'property' ? place.children?.[1] : place, step)
    if (member === undefined) break
    place = member
  }
  return place.offset
}

function memberOf(node: Node | undefined, step: string): Node | undefined {
  if (node?.type === 'array') return node.children?.[Number(step)]
  return node?.children?.find((property) => property.children?.[0]?.value === step)
}

function editText(text: string, { steps, value, first = false }: FileEdit): string {
  const path = steps.map((step) => (/^\d+$/.test(step) && isListAt(text, steps, step) ? Number(step) : step))
  const options = { formattingOptions: formattingOf(text), ...(first ? { getInsertionIndex: () => 0 } : {}) }
  return applyEdits(text, modify(text, path, value, options))
}

// A key may look like an index.
function isListAt(text: string, steps: readonly string[], step: string): boolean {
  const tree = parseTree(text, [], { allowTrailingComma: true })
  let node: Node | undefined = tree
  for (const each of steps.slice(0, steps.indexOf(step))) {
    const member = node === undefined ? undefined : memberOf(node, each)
    node = member?.type === 'property' ? member.children?.[1] : member
  }
  return node?.type === 'array'
}

function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol }
}
