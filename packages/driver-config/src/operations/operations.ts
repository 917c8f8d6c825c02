import type { Note } from '../check/lineage.js'
import type { Operation } from './operation.js'

const brand = Symbol.for('openshell-ts.driver-config.operations')

/**
 * A migration that is made of operations. It stands where a function may stand; the types cannot check it, so it is checked
 * against both schemas when the config is built.
 */
export interface OperationList {
  (previous: unknown, note: Note): never
  readonly operations: readonly Operation[]
}

/** A migration as a list of operations, applied in order. The way back comes with it when every operation has one. */
export function operations(...list: readonly Operation[]): OperationList {
  const marker = (): never => {
    throw new TypeError('a list of operations runs only as the "up" of a version')
  }
  return Object.assign(marker, { operations: list, [brand]: true })
}

/** True for what `operations` returned. */
export function isOperationList(value: unknown): value is OperationList {
  return typeof value === 'function' && Reflect.get(value, brand) === true
}
