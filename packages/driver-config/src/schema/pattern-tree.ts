/** A regular expression of the dialect as a tree. */
export type PatternNode =
  /** One character: a literal, an escape, a class or `.`. */
  | { readonly kind: 'one'; readonly source: string }
  /** A place between characters: `^`, `$`, `\b`. */
  | { readonly kind: 'edge'; readonly source: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly least: number; readonly most: number }

const groupStart = /^\((?:\?(?::|<[^>]*>))?/
const quantifier = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/
const escaped = /^\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|c[A-Za-z]|.)/su
const characterClass = /^\[(?:\\.|[^\]\\])*\]/su
const edges: ReadonlySet<string> = new Set(['^', '$', '\\b', '\\B'])

/** Reads a pattern that compiles with the `u` flag and has neither look-around nor back-references. */
export function parsePattern(pattern: string): PatternNode {
  return new PatternReader(pattern).readChoice()
}

class PatternReader {
  private rest: string

  constructor(pattern: string) {
    this.rest = pattern
  }

  readChoice(): PatternNode {
    const branches = [this.readSequence()]
    while (this.take(/^\|/) !== undefined) branches.push(this.readSequence())
    const [only] = branches
    return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches }
  }

  private readSequence(): PatternNode {
    const parts: PatternNode[] = []
    while (this.rest !== '' && !/^[|)]/.test(this.rest)) parts.push(this.readRepeat())
    return { kind: 'sequence', parts }
  }

  private readRepeat(): PatternNode {
    const body = this.readAtom()
    const match = quantifier.exec(this.rest)
    if (match === null) return body
    this.rest = this.rest.slice(match[0].length)
    const [, sign, from, comma, to] = match
    if (sign !== undefined) {
      return { kind: 'repeat', body, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
    }
    const least = Number(from)
    if (comma === '') return { kind: 'repeat', body, least, most: least }
    return { kind: 'repeat', body, least, most: to === '' ? Number.POSITIVE_INFINITY : Number(to) }
  }

  private readAtom(): PatternNode {
    if (this.take(groupStart) !== undefined) {
      const group = this.readChoice()
      this.take(/^\)/)
      return group
    }
    const source = this.take(escaped) ?? this.take(characterClass) ?? this.take(/^./su) ?? ''
    return { kind: edges.has(source) ? 'edge' : 'one', source }
  }

  private take(start: RegExp): string | undefined {
    const match = start.exec(this.rest)?.[0]
    if (match !== undefined) this.rest = this.rest.slice(match.length)
    return match
  }
}
