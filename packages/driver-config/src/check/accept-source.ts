import type { JsonValue } from '../envelope/json-value.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import type {
  EnumNode,
  ListNode,
  MapNode,
  NumberNode,
  ObjectNode,
  PropertyNode,
  SchemaNode,
  StringNode,
  VariantNode,
} from '../schema/schema-node.js'
import { type AcceptorOptions, compileAcceptor, isTooDeep, longestNameBytes, nestedOptions } from './accept.js'
import { acceptText } from './accept-scalar.js'
import type { Acceptor } from './acceptor.js'
import { memberBytes } from './budget.js'
import { isMapKey } from './check-map.js'
import { declined, isPlainKey, isPlainObject } from './copy-plain.js'
import { completeDefault } from './defaults.js'
import { isSecretName } from './secret-forms.js'

/**
 * Compiles an acceptor to JavaScript, as the schema library does with its checks: every field has code of its own, which engines
 * make several times faster than shared code. Nothing when the environment does not evaluate code, for example a page with a
 * strict content policy; `compileAcceptor` then gives an acceptor that does the same.
 */
export function evaluateAcceptor(node: SchemaNode, options: AcceptorOptions): Acceptor | undefined {
  const writer = new AcceptorWriter()
  const entry = writer.writeFunction(node, options)
  const names = Object.keys(library)
  const constants = writer.constants.map((_, index) => `c${index}`)
  const source = `const [${constants.join(', ')}] = constants\n${writer.functions.join('\n')}\nreturn ${entry}`
  try {
    const create = new Function('constants', ...names, source)
    return create(writer.constants, ...Object.values(library)) as Acceptor
  } catch {
    return undefined
  }
}

/** What the source may call. */
const library = { declined, isPlainObject, isPlainKey, isMapKey, acceptText, isSecretName }

/** Writes the source of an acceptor. Names and values of the schema reach the source as JSON or as constants only. */
class AcceptorWriter {
  readonly functions: string[] = []
  readonly constants: unknown[] = []

  /** A function `(value, budget)` that gives the accepted value or `declined`. */
  writeFunction(node: SchemaNode, options: AcceptorOptions): string {
    const name = `accept${this.functions.length}`
    const slot = this.functions.push('') - 1
    this.functions[slot] = `function ${name}(value, budget) {\n${this.writeBody(node, options)}\n}`
    return name
  }

  private writeBody(node: SchemaNode, options: AcceptorOptions): string {
    if (!isTooDeep(options)) {
      if (node.kind === 'object') return this.writeObject(node, options)
      if (node.kind === 'variant') return this.writeVariant(node, options)
      if (node.kind === 'list') return this.writeList(node, options)
      if (node.kind === 'map') return this.writeMap(node, options)
    }
    return `return ${this.constant(compileAcceptor(node, options))}(value, budget)`
  }

  private writeVariant(node: VariantNode, options: AcceptorOptions): string {
    const branches = [...new Set(node.branches.values())]
    const names = new Map(branches.map((branch) => [branch, this.writeFunction(branch, options)]))
    const cases = [...node.branches].map(
      ([value, branch]) => `case ${JSON.stringify(value)}: return ${names.get(branch)}(value, budget)`,
    )
    const choice = `switch (value[${JSON.stringify(node.tag)}]) {\n${cases.join('\n')}\n}`
    return `if (!isPlainObject(value)) return declined\n${choice}\nreturn declined`
  }

  private writeList(node: ListNode, options: AcceptorOptions): string {
    const { items: limit } = options.limits
    return [
      'if (!Array.isArray(value)) return declined',
      'const length = value.length',
      `if (!(Number.isInteger(length) && length >= ${node.minItems} && length <= ${Math.min(node.maxItems ?? limit, limit)})) return declined`,
      `budget.bytes += length * ${memberBytes}`,
      'const copy = []',
      'for (let index = 0; index < length; index += 1) {',
      'let item = value[index]',
      this.writeMember(node.items, 'item', nestedOptions(options)),
      'copy.push(item)',
      '}',
      node.uniqueItems ? 'if (new Set(copy).size < length) return declined' : '',
      'return Object.freeze(copy)',
    ].join('\n')
  }

  private writeMap(node: MapNode, options: AcceptorOptions): string {
    const limits = this.constant(options.limits)
    return [
      'if (!isPlainObject(value)) return declined',
      'const copy = {}',
      'let count = 0',
      'for (const key in value) {',
      'budget.keys += 1',
      `if (!isPlainKey(key, ${limits}, budget) || !isMapKey(${this.constant(node)}, key)) return declined`,
      'let member = value[key]',
      'if (member === undefined) continue',
      `if (typeof member === 'string' && isSecretName(key)) return declined`,
      this.writeMember(node.value, 'member', nestedOptions(options)),
      'copy[key] = member',
      'count += 1',
      '}',
      `if (count < ${node.minProperties} || count > ${node.maxProperties ?? options.limits.keys}) return declined`,
      'return Object.freeze(copy)',
    ].join('\n')
  }

  private writeObject(node: ObjectNode, options: AcceptorOptions): string {
    const properties = [...node.properties.values()]
    const names = this.constant(properties.map((property) => property.name))
    const positions = this.constant(new Map(properties.map((property, index) => [property.name, index])))
    const skipped = [...options.skip].map((key) => `key === ${JSON.stringify(key)}`).join(' || ')
    return [
      'if (!isPlainObject(value)) return declined',
      `let keys = 0, found = 0, next = 0, member`,
      'for (const key in value) {',
      // Documents mostly keep the order of declaration, and then one comparison is enough.
      `if (${names}[next] !== key) {`,
      skipped === '' ? '' : `if (${skipped}) continue`,
      `next = ${positions}.get(key)`,
      'if (next === undefined) return declined',
      '}',
      'keys += 1; next += 1',
      '}',
      'budget.keys += keys',
      `budget.bytes += keys * ${longestNameBytes(node)}`,
      'const copy = {}',
      ...properties.map((property) => this.writeProperty(property, options)),
      // Members that are inherited, not enumerable or undefined make the counts differ; the pipeline judges them.
      'return keys === found ? Object.freeze(copy) : declined',
    ].join('\n')
  }

  private writeProperty({ name, required, node }: PropertyNode, options: AcceptorOptions): string {
    const key = JSON.stringify(name)
    const nullMeansAbsent = readsNullAsAbsent(node)
    const fallback = options.fill ? deepFreeze(completeDefault(node)) : undefined
    const missing = required
      ? 'return declined'
      : fallback === undefined
        ? ''
        : `copy[${key}] = ${this.literal(fallback)}`
    return [
      `member = value[${key}]`,
      nullMeansAbsent ? 'if (member === null) found += 1' : '',
      `if (${nullMeansAbsent ? 'member !== null && ' : ''}member !== undefined) {`,
      'found += 1',
      this.writeMember(node, 'member', nestedOptions(options)),
      `copy[${key}] = member`,
      missing === '' ? '}' : `} else { ${missing} }`,
    ].join('\n')
  }

  /** Statements that leave the accepted value in a variable, or give up. */
  private writeMember(node: SchemaNode, variable: string, options: AcceptorOptions): string {
    const refuse = (condition: string): string => `if (${condition}) return declined`
    switch (node.kind) {
      case 'boolean':
        return refuse(`typeof ${variable} !== 'boolean'`)
      case 'null':
        return refuse(`${variable} !== null`)
      case 'number':
        return refuse(writeNumberTest(node, variable))
      case 'enum':
        return refuse(this.writeEnumTest(node, variable))
      case 'string':
        return refuse(this.writeTextTest(node, variable, options))
      default:
        return `${variable} = ${this.writeFunction(node, options)}(${variable}, budget)\n${refuse(`${variable} === declined`)}`
    }
  }

  private writeEnumTest(node: EnumNode, variable: string): string {
    if (node.values.length > 8) return `!${this.constant(new Set(node.values))}.has(${variable})`
    return node.values.map((value) => `${variable} !== ${JSON.stringify(value)}`).join(' && ')
  }

  private writeTextTest(node: StringNode, variable: string, options: AcceptorOptions): string {
    const { stringLength } = options.limits
    const most = Math.min(node.maxLength ?? stringLength, stringLength)
    const simple = `!acceptText(${variable}, budget, ${node.minLength}, ${most}, ${stringLength})`
    if (node.pattern === undefined && node.format === undefined) return simple
    return `${this.constant(compileAcceptor(node, options))}(${variable}, budget) === declined`
  }

  private literal(value: JsonValue): string {
    return typeof value === 'object' && value !== null ? this.constant(value) : JSON.stringify(value)
  }

  private constant(value: unknown): string {
    return `c${this.constants.push(value) - 1}`
  }
}

function writeNumberTest(node: NumberNode, variable: string): string {
  const tests = [node.integer ? `!Number.isSafeInteger(${variable})` : `!Number.isFinite(${variable})`]
  if (node.minimum !== undefined) tests.push(`${variable} < ${node.minimum}`)
  if (node.maximum !== undefined) tests.push(`${variable} > ${node.maximum}`)
  if (node.exclusiveMinimum !== undefined) tests.push(`${variable} <= ${node.exclusiveMinimum}`)
  if (node.exclusiveMaximum !== undefined) tests.push(`${variable} >= ${node.exclusiveMaximum}`)
  if (node.multipleOf !== undefined) tests.push(`${variable} % ${node.multipleOf} !== 0`)
  return tests.join(' || ')
}
