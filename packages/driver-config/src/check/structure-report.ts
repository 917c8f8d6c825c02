import type { JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue, type IssueFields, type IssueSite } from '../issue/config-issue.js'
import { joinTemplate, type PathToken } from '../issue/path.js'
import type { HintVersion } from '../issue/version-hints.js'
import type { SchemaNode, VariantNode } from '../schema/schema-node.js'

/** The union branch that was chosen for an object. */
export interface ChosenVariant {
  readonly tag: string
  readonly value: string
  readonly node: VariantNode
}

/** A place in a document while its structure is being checked. Most places are never reported, so paths are made on demand. */
export class Place {
  /** True when the member may be removed. */
  readonly optional: boolean
  /** The union branch that was chosen for the object at this place. */
  readonly variant: ChosenVariant | undefined
  private readonly parent: Place | undefined
  private readonly token: PathToken
  private readonly step: string

  constructor(parent?: Place, token: PathToken = '', step = '', optional = false, variant?: ChosenVariant) {
    this.parent = parent
    this.token = token
    this.step = step
    this.optional = optional
    this.variant = variant
  }

  /** The steps that lead here from the block. */
  get tokens(): readonly PathToken[] {
    return this.parent === undefined ? [] : [...this.parent.tokens, this.token]
  }

  /** True for the block itself. */
  get isRoot(): boolean {
    return this.parent === undefined
  }

  /** The place without user data. */
  get template(): string {
    return this.parent === undefined ? '' : joinTemplate(this.parent.template, this.step)
  }

  /** The same place, with the branch that was chosen for its object. */
  choose(variant: ChosenVariant): Place {
    return new Place(this.parent, this.token, this.step, this.optional, variant)
  }
}

/** The block itself. */
export const rootPlace = new Place()

/** A place one level down. `step` is the declared name, `[]` for items, `{}` for values of a map. */
export function childPlace(parent: Place, token: PathToken, step: string, optional = false): Place {
  return new Place(parent, token, step, optional)
}

/** What the structure check needs to know about the block, and where its problems go. */
export class StructureReport {
  readonly issues: ConfigIssue[] = []
  readonly site: IssueSite
  /** The node of the whole block. */
  readonly root: SchemaNode
  readonly hints: readonly HintVersion[]
  /** False when the block has no marker, so that the version was not its writer's choice. */
  readonly markerWritten: boolean

  constructor(site: IssueSite, root: SchemaNode, hints: readonly HintVersion[], markerWritten: boolean) {
    this.site = site
    this.root = root
    this.hints = hints
    this.markerWritten = markerWritten
  }

  add(code: IssueCode, tokens: readonly PathToken[], fields: IssueFields): void {
    this.issues.push(createIssue(this.site, code, tokens, fields))
  }
}

/** Checks a nested value; the checks of one kind get it, so that they do not import each other. */
export type CheckNested = (node: SchemaNode, value: JsonValue, place: Place, report: StructureReport) => void
