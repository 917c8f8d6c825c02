import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { LineIndex } from './line-index.js'
import { MAX_DEPTH, type SourceDocument, type SourceNode } from './source-node.js'
import type { TemplateProblem } from './template-problem.js'

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON: a text needs double quotes',
  InvalidNumberFormat: 'this is not a number as JSON writes it',
  PropertyNameExpected: 'JSON expects a key in double quotes here',
  ValueExpected: 'JSON expects a value here',
  ColonExpected: 'JSON expects a colon after the key',
  CommaExpected: 'JSON expects a comma here',
  CloseBraceExpected: 'JSON expects a closing brace "}" here',
  CloseBracketExpected: 'JSON expects a closing bracket "]" here',
  EndOfFileExpected: 'JSON ends before this',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'a text of JSON ends with a double quote on the same line',
  UnexpectedEndOfNumber: 'this is not a number as JSON writes it',
  InvalidUnicode: 'an escape "\\u" of JSON has four hexadecimal digits',
  InvalidEscapeCharacter: 'JSON does not know this escape',
  InvalidCharacter: 'a control character in a text of JSON must be escaped',
}

/** Reads JSON, strictly: no comments, no trailing commas, nothing of YAML. */
export function readJson(text: string): SourceDocument {
  const lines = new LineIndex(text)
  const tooDeepAt = findTooDeep(text)
  if (tooDeepAt !== undefined) {
    return {
      problems: [{ ...lines.positionOf(tooDeepAt), path: '', message: `more than ${MAX_DEPTH} levels in one another` }],
    }
  }
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: true })
  if (errors.length > 0) return { problems: toProblems(errors, lines) }
  return tree ? { root: toSourceNode(tree, lines), problems: [] } : { problems: [] }
}

// The parser descends as deep as the text goes, so that the depth is measured before; brackets in texts do not count.
function findTooDeep(text: string): number | undefined {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '\\' && inText) at += 1
    else if (character === '"') inText = !inText
    else if (character === '\n') inText = false
    else if (!inText && (character === '[' || character === '{')) depth += 1
    else if (!inText && (character === ']' || character === '}')) depth -= 1
    if (depth > MAX_DEPTH) return at
  }
  return undefined
}

// One mistake often gives several errors on its line; the first of them says it best.
function toProblems(errors: readonly ParseError[], lines: LineIndex): TemplateProblem[] {
  const firstOfLine = new Map<number, TemplateProblem>()
  for (const { error, offset } of errors) {
    const at = lines.positionOf(offset)
    if (firstOfLine.has(at.line)) continue
    firstOfLine.set(at.line, { ...at, path: '', message: MESSAGES[printParseErrorCode(error)] ?? 'this is not JSON' })
  }
  return [...firstOfLine.values()]
}

function toSourceNode(node: Node, lines: LineIndex): SourceNode {
  const at = lines.positionOf(node.offset)
  if (node.type === 'array')
    return { type: 'list', at, items: (node.children ?? []).map((item) => toSourceNode(item, lines)) }
  if (node.type !== 'object') return { type: 'scalar', at, value: node.value as string | number | boolean | null }
  const entries = (node.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    if (!key || !value) return []
    return [{ key: String(key.value), keyAt: lines.positionOf(key.offset), value: toSourceNode(value, lines) }]
  })
  return { type: 'map', at, entries }
}
