import type { JsonValue } from '../envelope/json-value.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import type { EnumNode, NumberNode, ObjectNode, PropertyNode, SchemaNode, StringNode } from '../schema/schema-node.js'
import { type Acceptor, type AcceptorOptions, acceptText, compileAcceptor, declined, isPlainObject } from './accept.js'
import { completeDefault } from './defaults.js'
import { isSecretName } from './secret-forms.js'

/**
 * Compiles an acceptor to JavaScript, as the schema library does with its checks: every field has code of its own, which engines
 * make several times faster than shared code. Nothing when the environment does not evaluate code, for example a page with a
 * strict content policy; `compileAcceptor` then gives an acceptor that does the same.
 */
export function evaluateAcceptor(node: SchemaNode, options: AcceptorOptions): Acceptor | undefined {
  const writer = new AcceptorWriter(options)
  const entry = writer.writeRoot(node)
  const source = `${writer.functions.join('\n')}\nreturn ${entry}`
  try {
    const create = new Function('declined', 'constants', 'isPlainObject', 'acceptText', 'isSecretName', source)
    return create(declined, writer.constants, isPlainObject, acceptText, isSecretName) as Acceptor
  } catch {
    return undefined
  }
}

/** Writes the source of an acceptor. Names and values of the schema reach the source as JSON or as constants only. */
class AcceptorWriter {
  readonly functions: string[] = []
  readonly constants: unknown[] = []
  private readonly options: AcceptorOptions

  constructor(options: AcceptorOptions) {
    this.options = options
  }

  writeRoot(node: SchemaNode): string {
    return this.writeFunction(node, this.options.skip)
  }

  /** A function `(value, budget)` that gives the accepted value or `declined`. */
  private writeFunction(node: SchemaNode, skip: ReadonlySet<string> = new Set()): string {
    const name = `accept${this.functions.length}`
    const slot = this.functions.push('') - 1
    const body = node.kind === 'object' ? this.writeObject(node, skip) : this.writeOther(node, skip)
    this.functions[slot] = `function ${name}(value, budget) {\n${body}\n}`
    return name
  }

  private writeOther(node: SchemaNode, skip: ReadonlySet<string>): string {
    switch (node.kind) {
      case 'variant': {
        const tag = JSON.stringify(node.tag)
        const names = new Map(
          [...new Set(node.branches.values())].map((branch) => [branch, this.writeFunction(branch, skip)]),
        )
        const cases = [...node.branches].map(
          ([value, branch]) => `case ${JSON.stringify(value)}: return ${names.get(branch)}(value, budget)`,
        )
        return `if (!isPlainObject(value)) return declined\nswitch (value[${tag}]) {\n${cases.join('\n')}\n}\nreturn declined`
      }
      case 'list': {
        const { items: most } = this.options.limits
        return [
          'if (!Array.isArray(value)) return declined',
          'const length = value.length',
          `if (!(length >= ${node.minItems} && length <= ${Math.min(node.maxItems ?? most, most)})) return declined`,
          'budget.bytes += length * 24',
          'const copy = []',
          'for (let index = 0; index < length; index += 1) {',
          'let item = value[index]',
          this.writeMember(node.items, 'item'),
          'copy.push(item)',
          '}',
          node.uniqueItems ? 'if (new Set(copy).size < length) return declined' : '',
          'return Object.freeze(copy)',
        ].join('\n')
      }
      default:
        return `return ${this.constant(compileAcceptor(node, { ...this.options, skip }))}(value, budget)`
    }
  }

  private writeObject(node: ObjectNode, skip: ReadonlySet<string>): string {
    const properties = [...node.properties.values()]
    const longest = Math.max(0, ...properties.map((property) => property.name.length))
    const names = this.constant(properties.map((property) => property.name))
    const positions = this.constant(new Map(properties.map((property, index) => [property.name, index])))
    const skipped = [...skip].map((key) => `key === ${JSON.stringify(key)}`).join(' || ')
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
      `budget.bytes += keys * ${longest * 3 + 24}`,
      'const copy = {}',
      ...properties.map((property) => this.writeProperty(property)),
      // Members that are inherited, not enumerable or undefined make the counts differ; the pipeline judges them.
      'return keys === found ? Object.freeze(copy) : declined',
    ].join('\n')
  }

  private writeProperty({ name, required, node }: PropertyNode): string {
    const key = JSON.stringify(name)
    const fallback = this.options.fill ? deepFreeze(completeDefault(node)) : undefined
    const missing = required
      ? 'return declined'
      : fallback === undefined
        ? ''
        : `copy[${key}] = ${this.literal(fallback)}`
    return [
      `member = value[${key}]`,
      'if (member !== undefined) {',
      'found += 1',
      this.writeMember(node, 'member'),
      `copy[${key}] = member`,
      missing === '' ? '}' : `} else { ${missing} }`,
    ].join('\n')
  }

  /** Statements that leave the accepted value in a variable, or give up. */
  private writeMember(node: SchemaNode, variable: string): string {
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
        return refuse(this.writeTextTest(node, variable))
      default:
        return `${variable} = ${this.writeFunction(node)}(${variable}, budget)\n${refuse(`${variable} === declined`)}`
    }
  }

  private writeEnumTest(node: EnumNode, variable: string): string {
    if (node.values.length > 8) return `!${this.constant(new Set(node.values))}.has(${variable})`
    return node.values.map((value) => `${variable} !== ${JSON.stringify(value)}`).join(' && ')
  }

  private writeTextTest(node: StringNode, variable: string): string {
    const { stringLength } = this.options.limits
    const most = Math.min(node.maxLength ?? stringLength, stringLength)
    const simple = `!acceptText(${variable}, budget, ${node.minLength}, ${most}, ${stringLength})`
    if (node.pattern === undefined && node.format === undefined) return simple
    return `${this.constant(compileAcceptor(node, this.options))}(${variable}, budget) === declined`
  }

  private literal(value: JsonValue): string {
    return typeof value === 'object' && value !== null ? this.constant(value) : JSON.stringify(value)
  }

  private constant(value: unknown): string {
    return `constants[${this.constants.push(value) - 1}]`
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
