import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
} from 'yaml'
import { type ConfigFile, depthLimit, type FileEdit, type FilePosition, UnreadableTextError } from './config-file.js'

/**
 * Reads one document of YAML 1.2, of which JSON is a part. Aliases are followed within bounds; tags are refused.
 *
 * @throws UnreadableTextError for anything else, for a key that is written twice, and for too many levels.
 */
export function readYamlText(text: string): ConfigFile {
  const lines = new LineCounter()
  const document = compose(text, lines)
  const [problem] = [...document.errors, ...document.warnings]
  // The library's own text may repeat a part of the document.
  if (problem !== undefined) throw unreadable(wordsOf(problem.code), problem.pos[0], lines)
  return {
    value: toValue(document),
    locate: (steps) => toPosition(offsetOf(document, steps), lines),
    edit: (edits) => editText(text, edits),
  }
}

function compose(text: string, lines = new LineCounter()): Document {
  const tokens = parse(text, lines)
  const options = { version: '1.2', schema: 'core', merge: false } as const
  const [document, second] = [...new Composer(options).compose(tokens, true, text.length)]
  if (second !== undefined) throw unreadable('there is more than one document', second.range[0], lines)
  if (document === undefined) throw unreadable('it is empty', 0, lines)
  return document
}

// Composing descends as deep as the text goes, and parsing takes longer the deeper it is: both are spared a text that is too deep.
function parse(text: string, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    // The document and a scalar are on the stack as well.
    if (parser.stack.length <= depthLimit + 2) continue
    throw new UnreadableTextError(`has more than ${depthLimit} levels`, toPosition(parser.offset, lines))
  }
  return [...tokens, ...parser.end()]
}

function wordsOf(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ')
}

function unreadable(reason: string, offset: number, lines: LineCounter): UnreadableTextError {
  return new UnreadableTextError(`is not YAML: ${reason}`, toPosition(offset, lines))
}

function toPosition(offset: number, lines: LineCounter): FilePosition {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw new UnreadableTextError('is not YAML: its aliases stand for nothing, or for too much', { line: 1, column: 1 })
  }
}

function offsetOf(document: Document, steps: readonly string[]): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of steps) {
    if (isAlias(node)) node = node.resolve(document)
    const member = memberOf(node, step)
    if (member === undefined) break
    offset = isNode(member.place) ? (member.place.range?.[0] ?? offset) : offset
    node = member.value
  }
  return offset
}

function memberOf(node: unknown, step: string): { readonly place: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined ? undefined : { place: item, value: item }
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined
  return pair === undefined ? undefined : { place: pair.key, value: pair.value }
}

function editText(text: string, edits: readonly FileEdit[]): string {
  const document = compose(text)
  for (const { steps, value, first = false } of edits) {
    if (value === undefined) document.deleteIn(steps)
    else if (first) insertFirst(document, steps, value)
    else document.setIn(steps, document.createNode(value))
  }
  const indent = /\n( +)\S/.exec(text)?.[1]?.length ?? 2
  // A list may stand as deep as its key.
  const indentSeq = !/^( *)[^\s#-].*:[ \t]*\n\1- /m.test(text)
  return document.toString({ lineWidth: 0, indent: Math.max(indent, 2), indentSeq })
}

function insertFirst(document: Document, steps: readonly string[], value: unknown): void {
  const parent = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1))
  if (!isMap(parent)) {
    document.setIn(steps, value)
    return
  }
  const pair = document.createPair(steps.at(-1), value)
  // What stands above the first key is about the whole map.
  const [former] = parent.items
  if (isScalar(former?.key) && isScalar(pair.key) && former.key.commentBefore) {
    pair.key.commentBefore = former.key.commentBefore
    former.key.commentBefore = null
  }
  parent.items.unshift(pair)
}
